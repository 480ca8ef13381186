import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type Engine, Engines } from '../replies.ts';
import { deviceFolder, writeOwnFile } from './device-folder.ts';
import { readJson } from './read-json.ts';

type Here = Pick<Context, 'options' | 'surroundings'>;

const EngineList = Engines.extend({ syncedAt: z.string() });
const pathOf = (context: Here): string => join(deviceFolder(context), 'engines.json');

/** Keeps where every engine takes its commands, for the day on which the control plane cannot be reached. Answers how many there are. */
export async function syncEngines(context: Context): Promise<number> {
  const api = await context.api('read');
  const { engines } = await api.get('/v1/engines', Engines);
  await writeOwnFile(pathOf(context), { syncedAt: context.surroundings.now().toISOString(), engines });
  return engines.length;
}

/** The engines that a strategy or a scope means, as they were kept, and when that was. Refuses when none were kept, or none are meant. */
export async function engineList(
  context: Here,
  { strategy, scope }: { strategy?: string | undefined; scope?: string | undefined },
): Promise<{ engines: Engine[]; syncedAt: string }> {
  const kept = await readJson(pathOf(context), EngineList);
  if (!kept)
    throw new CliError(
      'usage',
      'this machine does not know where the engines are',
      'stop the engine processes by hand; next time keep the list: tradepulse-cli device sync',
      { code: 'EnginesUnknown' },
    );
  const meant = scope?.trim().toLowerCase();
  const engines = kept.engines.filter(({ strategyId, scopes }) =>
    strategy === undefined ? scopes.some((each) => each.toLowerCase() === meant) : strategyId === strategy,
  );
  if (engines.length > 0) return { engines, syncedAt: kept.syncedAt };
  const known = [...new Set(kept.engines.flatMap(({ strategyId, scopes }) => [strategyId, ...scopes]))];
  throw new CliError('usage', `no engine of ${strategy ?? scope} is known here`, `there are ${known.join(', ')}`, {
    code: 'EnginesUnknown',
    facts: { known, syncedAt: kept.syncedAt },
  });
}
