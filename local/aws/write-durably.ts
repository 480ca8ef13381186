import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type WriteOptions = {
  /** Permission bits, e.g. 0o600. */
  readonly mode: number;
  /** Create only: an existing file stays as it is and the answer is false. */
  readonly once?: boolean;
};

/**
 * Writes a file whole or not at all, and returns only when it is on the disk: temporary file, fsync, then rename (or link, which
 * refuses an existing name), then fsync of the folder. False means that `once` found a file there.
 */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  { mode, once = false }: WriteOptions,
): Promise<boolean> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: mode | ((mode & 0o444) >> 2) });
  const temporary = join(folder, `.${randomUUID()}.writing`);
  try {
    await writeAndSync(temporary, bytes, mode);
    if (once) await link(temporary, path);
    else await rename(temporary, path);
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (once && isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeAndSync(path: string, bytes: Uint8Array, mode: number) {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Windows cannot open a folder; there the rename alone has to do. */
async function syncFolder(path: string) {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
