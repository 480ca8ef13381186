import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stopIfInterrupted } from './stop-if-interrupted.ts';

export type LockOptions = {
  readonly sleep: (ms: number) => Promise<void>;
  /** How long to wait for another process, in milliseconds. */
  readonly waitMs: number;
  readonly interrupted?: AbortSignal | undefined;
};

const POLL_MS = 25;

/**
 * Lets one process at a time renew a login: refresh tokens and one-time codes can be used only once. Answers how to release it, or
 * undefined when another process still holds it after `waitMs`. The lock of a process that is gone counts for nothing.
 */
export async function lockSession(
  path: string,
  { sleep, waitMs, interrupted }: LockOptions,
): Promise<(() => Promise<void>) | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const giveUpAt = performance.now() + waitMs;
  while (!(await taken(path))) {
    stopIfInterrupted(interrupted);
    const holder = Number(await readFile(path, 'utf8').catch(() => Number.NaN));
    if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
    else if (performance.now() >= giveUpAt) return undefined;
    else await sleep(POLL_MS);
  }
  return () => rm(path, { force: true });
}

/** Linked rather than created, so that a lock that can be seen already names its holder. */
async function taken(path: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, String(process.pid), { flag: 'wx', mode: 0o600 });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
