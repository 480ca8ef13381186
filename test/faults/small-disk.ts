import { execFile } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fault } from './fault.ts';

const run = promisify(execFile);
const BALLAST = 'ballast';
const SIZE = '384m';
const CHUNKS = [8_388_608, 65_536, 4_096, 1];

/** A disk of its own for a data folder, in memory. Answers how to take it away, or, where this machine lets nobody mount one, nothing. */
export async function smallDisk(folder: string): Promise<(() => Promise<unknown>) | undefined> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]);
  } catch {
    return undefined;
  }
  return () => run('umount', ['--lazy', folder]);
}

/** Nothing can be written any more, neither by the store nor by the spool, which share the disk: not even a byte. */
export const FULL_DISK: Fault = {
  name: 'the disk is full',
  keptNowhere: true,
  endsEngines: true, // the simulated ones keep their log and their latches on it
  begin: ({ faulty }) => fill(faulty.host().data),
  end: ({ faulty }) => rm(join(faulty.host().data, BALLAST), { force: true }),
  /** The local Step Functions ends itself on a disk that it cannot write to, and goes on at the next start. */
  async afterwards({ faulty, refresh }) {
    await faulty.crash();
    await faulty.restart();
    await refresh();
  },
};

async function fill(folder: string): Promise<void> {
  const file = await open(join(folder, BALLAST), 'w');
  for (const size of CHUNKS) while (await fits(file, Buffer.alloc(size)));
  await file.close();
}

async function fits(file: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<boolean> {
  try {
    return (await file.write(bytes)).bytesWritten === bytes.length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
