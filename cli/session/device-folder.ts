import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../context.ts';

/** Where this machine keeps the keys of its devices and what belongs to them: in the data folder of a local installation, else in the person's configuration. */
export function deviceFolder({ options, surroundings }: Pick<Context, 'options' | 'surroundings'>): string {
  if (options.issuer === undefined) return join(options.data, 'devices');
  const { env } = surroundings;
  const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '.', '.config'); // XDG Base Directory Specification
  return join(config, 'tradepulse', 'devices', encodeURIComponent(URL.parse(options.issuer)?.host ?? ''));
}

/** Where direct kills wait to be told to the control plane. */
export const directKillsFolder = (context: Pick<Context, 'options' | 'surroundings'>): string =>
  join(deviceFolder(context), 'direct-kills');

/** Whether a look at them is worth while: hardly ever, so that it must cost nothing. */
export const isAnyDirectKillKept = (context: Pick<Context, 'options' | 'surroundings'>): boolean =>
  existsSync(directKillsFolder(context));

/** The JSON files of a folder by name, sorted; none when it is not there. */
export const jsonFilesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch((): string[] => [])).filter((name) => name.endsWith('.json')).toSorted();

/** Writes for its owner's eyes only (0600 in a 0700 folder), whole or not at all, on the disk before it returns. `once`: never over a file that is there. */
export async function writeOwnFile(path: string, content: object, { once = false } = {}): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = once ? path : `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (once) return;
  try {
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
