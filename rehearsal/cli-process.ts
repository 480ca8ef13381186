import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod';

const JsonObject = z.record(z.string(), z.unknown());

/** How one command line ended, and what it said. `lines` are the JSON objects of stdout. */
export type CliResult = {
  readonly code: number;
  readonly lines: readonly Record<string, unknown>[];
  readonly words: string;
};

/** Runs the real `tradepulse-cli` as a process of its own, with `--output jsonl`. */
export async function tradepulseCli(data: string, args: readonly string[]): Promise<CliResult> {
  const child = spawn(process.execPath, ['bin/tradepulse-cli.ts', ...args, '--data', data, '--output', 'jsonl'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  const [code]: (number | null)[] = await once(child, 'close');
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JsonObject.parse(JSON.parse(line)));
  return { code: code ?? 1, lines, words };
}
