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
  requireOwn(folder);
  const lock = lockOf(folder);
  try {
    if (fresh) empty(folder);
    writeFileSync(join(folder, holderFile), JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  } catch (fault) {
    lock.close();
    throw fault;
  }
  return {
    path: folder,
    release() {
      rmSync(join(folder, holderFile), { force: true });
      lock.close();
    },
  };
}

/** Refuses a folder that holds other things: our files would be spread among them, and `--fresh` would delete them. */
function requireOwn(folder: string): void {
  const names = readdirSync(folder);
  if (names.length === 0 || names.includes(lockFile)) return;
  throw new Error(
    `${folder} is no data folder of a control plane: it holds ${names[0]} and no ${lockFile}. Choose a new or empty folder with --data DIR`,
  );
}

function lockOf(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, lockFile));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (n); COMMIT');
    return lock;
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Error && cause.message.includes('locked'))) throw cause;
    throw new Error(
      `${folder} is in use by another host (${holderOf(folder)}). Stop that one, or choose another folder with --data DIR`,
      { cause },
    );
  }
}

function holderOf(folder: string): string {
  try {
    const { pid }: { pid?: unknown } = JSON.parse(readFileSync(join(folder, holderFile), 'utf8'));
    return `process ${String(pid)}`;
  } catch {
    return 'process unknown';
  }
}

/** The lock stays, and so does the name of a server that a killed host left behind: it still has to be stopped. */
function empty(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(lockFile) && !name.endsWith('.pid'))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}
