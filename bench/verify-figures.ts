import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './figure.ts';
import { writeLargeBundle } from './large-bundle.ts';

const run = promisify(execFile);
const ENTRIES = 1_000_000;
/** Has the process say at its end how much memory it held at most, in kilobytes. */
const TELL_MEMORY =
  "data:text/javascript,process.on('exit',()=>process.stderr.write(String(process.resourceUsage().maxRSS)))";

/** Offline verification of a million entries by the command itself, held to one core, from a plain bundle and from a packed one. */
export async function verifyFigures(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tradepulse-verify-'));
  try {
    const { plain, packed, keys, bytes } = await writeLargeBundle(folder, ENTRIES);
    const note = `${Math.round(bytes / ENTRIES)} bytes each, checkpoints included`;
    return [...(await measured('plain', plain, keys, note)), ...(await measured('gzip', packed, keys, note))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(kind: string, path: string, keys: string, note: string): Promise<Figure[]> {
  const command = [
    process.execPath,
    '--import',
    TELL_MEMORY,
    'bin/tradepulse-cli.ts',
    'audit',
    'verify',
    path,
    '--keys',
    keys,
  ];
  const pinned = process.platform === 'linux' ? ['taskset', '-c', '0', ...command] : command;
  const [program = '', ...args] = pinned;
  const startedAt = performance.now();
  const { stderr } = await run(program, args);
  const seconds = (performance.now() - startedAt) / 1000;
  const name = `verification of 1,000,000 ledger entries, ${kind}`;
  return [
    { name, value: seconds, unit: 's', budget: 10, note },
    { name: `${name}, memory`, value: Number(stderr) / 1000, unit: 'MB', budget: 300 },
  ];
}
