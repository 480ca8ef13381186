import { fstatSync } from 'node:fs';
import process from 'node:process';
import type { Log } from './log.ts';

export type Program = { readonly url: string; readonly faultUrl: string; close(): Promise<void> };

/**
 * Runs a program as a child: one ready line on stdout, exit 0 on SIGTERM or SIGINT, and an end of its own when the process
 * that started it is gone (IPC channel closed, piped stdin ended, or another parent), so that nothing trades unattended.
 */
export async function runProgram(start: () => Promise<Program>, log: Log): Promise<void> {
  const parent = process.ppid; // before anybody can know that it runs, and end
  const program = await start();
  process.stdout.write(`${JSON.stringify({ ready: true, url: program.url, faultUrl: program.faultUrl })}\n`);
  const reason = await untilAskedToStop(parent);
  log('stopping', { reason });
  await program.close();
  process.exit(0);
}

const PARENT_CHECK_MS = 500;

function untilAskedToStop(parent: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  process
    .once('SIGTERM', resolve)
    .once('SIGINT', resolve)
    .once('disconnect', () => resolve('the parent disconnected'));
  const watch = setInterval(() => process.ppid !== parent && resolve('the parent is gone'), PARENT_CHECK_MS);
  if (fstatSync(0).isFIFO() || fstatSync(0).isSocket())
    process.stdin.once('end', () => resolve('stdin ended')).resume();
  return promise.finally(() => clearInterval(watch));
}
