import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type DataFolder = {
  /** Absolute. */
  readonly path: string;
  release(): void;
};

const lockFile = 'host.lock';
const holderFile = 'host.json';

/**
 * Takes the data folder for this host alone; `fresh` empties it first. Refuses a folder that another host has, naming it: two
 * hosts on one set of files would each believe in their own state. The lock is the operating system's, so it ends with its holder.
 */
export function openDataFolder(path: string, { fresh = false }: { readonly fresh?: boolean } = {}): DataFolder {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, lockFile));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (n); COMMIT');
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Error && cause.message.includes('locked'))) throw cause;
    throw new Error(
      `${folder} is in use by another host (${holderOf(folder)}). Stop that one, or choose another folder with --data DIR`,
      { cause },
    );
  }
  if (fresh) empty(folder);
  writeFileSync(join(folder, holderFile), JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  return {
    path: folder,
    release() {
      rmSync(join(folder, holderFile), { force: true });
      lock.close();
    },
  };
}

function holderOf(folder: string): string {
  try {
    const { pid }: { pid?: unknown } = JSON.parse(readFileSync(join(folder, holderFile), 'utf8'));
    return `process ${String(pid)}`;
  } catch {
    return 'process unknown';
  }
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(lockFile)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
