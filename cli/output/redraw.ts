import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { harmless } from './harmless.ts';
import { utc } from './marks.ts';

const [HIDE_CURSOR, SHOW_CURSOR] = ['\u001b[?25l', '\u001b[?25h'];
const [HOME, REST_OF_LINE, REST_OF_SCREEN] = ['\u001b[H', '\u001b[K', '\u001b[J'];

/** Draws over and over in place, every `interval` seconds until Ctrl-C; each picture is one write over the one before, so that nothing flickers. */
export async function redraw(
  { out, surroundings }: Context,
  interval: number,
  draw: () => Promise<string>,
): Promise<void> {
  const { stdout, interrupted, now, sleep } = surroundings;
  stdout.write(`${HIDE_CURSOR}${HOME}${REST_OF_SCREEN}`);
  try {
    while (!interrupted.aborted) {
      const text = await draw().catch(staleText);
      const head = out.paint('dim', `${utc(now())}  every ${interval} s, Ctrl-C ends`);
      const lines = [head, '', ...harmless(text).split('\n')].map((line) => `${line}${REST_OF_LINE}\n`);
      stdout.write(`${HOME}${lines.join('')}${REST_OF_SCREEN}`);
      await sleep(interval * 1000);
    }
  } finally {
    stdout.write(SHOW_CURSOR);
  }
}

/** Old figures are worse than none: while the control plane does not answer, the screen says that and shows nothing else. */
function staleText(error: unknown): string {
  if (error instanceof CliError && error.transient)
    return `✖ ${error.message}\n  trying again; an engine without the control plane stops when its lease ends`;
  throw error;
}
