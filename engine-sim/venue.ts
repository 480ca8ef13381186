import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as after } from 'node:timers/promises';
import { logTo } from './program/log.ts';
import { runProgram } from './program/run-program.ts';
import { startVenues } from './venue/start-venues.ts';
import { venueOptions } from './venue/venue-options.ts';

const log = logTo(process.stderr, 'venue', () => new Date());

try {
  const config = venueOptions(process.argv.slice(2));
  await runProgram(
    () => startVenues(config, { now: () => Date.now(), newId: randomUUID, after: (ms) => after(ms), log }),
    log,
  );
} catch (error) {
  log('failed', { detail: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
