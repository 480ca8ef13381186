import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Context } from '../context.ts';
import { directKillsFolder, jsonFilesIn, writeOwnFile } from './device-folder.ts';
import { readJson } from './read-json.ts';

type Here = Pick<Context, 'options' | 'surroundings'>;

/** One engine instance: what was sent to it, and what is known of it since. */
const ToldEngine = z.object({
  strategyId: z.string(),
  instanceId: z.string(),
  controlUrl: z.string(),
  base: z.string(),
  signature: z.string(),
  status: z.enum(['sending', 'halted', 'refused', 'unreachable']),
  haltedAt: z.string().optional(),
  openOrders: z.number().optional(),
  detail: z.string().optional(),
});
export type ToldEngine = z.infer<typeof ToldEngine>;

/** A kill that went straight to the engines, as this machine remembers it until the control plane has it. */
const DirectKillFile = z.object({
  commandId: z.string(),
  decidedAt: z.string(),
  device: z.string(),
  strategy: z.string().optional(),
  scope: z.string().optional(),
  reason: z.string().optional(),
  engines: z.array(ToldEngine),
});
export type DirectKillFile = z.infer<typeof DirectKillFile>;

/** Where a direct kill is kept. */
export const directKillPath = (context: Here, { decidedAt, commandId }: DirectKillFile): string =>
  join(directKillsFolder(context), `${decidedAt.replaceAll(':', '')}-${commandId.split('/').at(-1)}.json`);

export const keepDirectKill = (context: Here, kill: DirectKillFile): Promise<void> =>
  writeOwnFile(directKillPath(context, kill), kill);

/** Keeps what the control plane answered, beside; it is pending no longer. */
export async function noteReported(context: Here, kill: DirectKillFile, reply: object): Promise<void> {
  const path = directKillPath(context, kill);
  await writeOwnFile(path.replace(/\.json$/, '.reported'), { ...kill, reply });
  await rm(path, { force: true });
}

/** Those that the control plane has not got yet, oldest first. What cannot be read is left where it is. */
export async function pendingDirectKills(context: Here): Promise<DirectKillFile[]> {
  const folder = directKillsFolder(context);
  const files = await jsonFilesIn(folder);
  const kills = await Promise.all(
    files.map((file) => readJson(join(folder, file), DirectKillFile).catch(() => undefined)),
  );
  return kills.filter((kill) => kill !== undefined);
}
