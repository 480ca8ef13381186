import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import type { Report } from '../../domain/ledger/verify/report.ts';
import { type ALog, aLog, anEntry, bundleOf, FIRST } from '../domain/ledger/verify/a-ledger.ts';
import { runCommand } from './run-command.ts';

export const entries = Array.from({ length: 12 }, (_, seq) => anEntry(seq));
export const log = aLog(entries, [3, 7, 12]);
export const lines = await bundleOf(log);
export const text = (given: readonly string[]) => given.map((line) => `${line}\n`).join('');
export const digits = (number: number) => String(number).padStart(16, '0');

/** A folder of the file that calls this, with the key that an auditor wrote down, and ways to fill and verify it. */
export function atAnAuditor() {
  const own = { folder: '', keys: '' };
  before(async () => {
    own.folder = await mkdtemp(join(tmpdir(), 'tradepulse-audit-'));
    own.keys = await file('keys', `# the key of the desk\n\n${FIRST.key.vkey}\n`);
  });
  after(() => rm(own.folder, { recursive: true, force: true }));

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(own.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  }

  /** What a person reads, what a script reads, and the exit code. */
  async function verify(path: string, ...more: string[]) {
    const args = ['audit', 'verify', path, '--keys', own.keys, ...more];
    const { code, stdout, stderr } = await runCommand(args);
    const { lines: objects, code: again } = await runCommand([...args, '--output', 'jsonl']);
    assert.equal(again, code);
    return { code, stdout, stderr, reports: objects as Report[] };
  }

  /** Writes a log as the evidence bucket holds it, with an entries file for each range. */
  async function folderOf(
    name: string,
    { entries: texts, checkpoints }: ALog,
    ranges: readonly (readonly [number, number])[],
  ) {
    for (const { size, note } of checkpoints) await file(`${name}/checkpoints/${digits(size)}`, note);
    for (const [begin, end] of ranges)
      await file(`${name}/entries/${digits(begin)}-${digits(end)}.jsonl`, text(texts.slice(begin, end)));
    return join(own.folder, name);
  }

  return Object.assign(own, { file, verify, folderOf });
}
