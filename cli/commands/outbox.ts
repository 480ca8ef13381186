import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';

/** A message as the channels of the local installation got it. */
const Line = z.looseObject({
  at: z.string(),
  channel: z.string(),
  via: z.string(),
  subject: z.string(),
  text: z.string(),
});
type Line = z.infer<typeof Line>;

/** What Slack, PagerDuty and mail would have got from the local installation, oldest first: all of it, or one channel's. */
export async function outbox({ options, out }: Context, { channel }: { readonly channel?: string }): Promise<void> {
  const lines = await linesIn(join(options.data, 'outbox'));
  const chosen = lines.filter((line) => channel === undefined || line.channel === channel);
  if (out.format === 'jsonl') return chosen.forEach((line) => void out.result(line, ''));
  const where = channel === undefined ? '' : ` over ${channel}`;
  const paragraphs = chosen.map(({ at, via, channel: over, subject, text }) => {
    const head = `${utc(at)}  ${out.paint('bold', over)} (${via})`;
    return [head, ...(text.startsWith(subject) ? [] : [subject]), ...text.split('\n')].join('\n  ');
  });
  out.result(undefined, paragraphs.length > 0 ? paragraphs.join('\n\n') : `nothing was sent${where} yet`);
}

async function linesIn(folder: string): Promise<Line[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new CliError('usage', `${folder} cannot be read: ${String(error)}`, 'check who owns it', { cause: error });
  });
  const files = names.filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').flatMap(lineOf)).toSorted((a, b) => a.at.localeCompare(b.at));
}

/** Nothing for the end of a file, and for a line that a crash has cut short. */
function lineOf(text: string): Line[] {
  try {
    const parsed = Line.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
