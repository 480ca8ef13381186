import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { engineOptions } from './engine/engine-options.ts';
import { startEngine } from './engine/start-engine.ts';
import { logTo } from './program/log.ts';
import { runProgram } from './program/run-program.ts';

const log = logTo(process.stderr, 'engine', () => new Date());

try {
  const config = engineOptions(process.argv.slice(2));
  const clock = { elapsed: () => performance.now(), wall: () => Date.now() };
  await runProgram(() => startEngine(config, { clock, newId: randomUUID, log }), log);
} catch (error) {
  log('failed', { detail: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
