import type { Reading } from './health-item.ts';
import type { HealthPorts, HealthReads } from './health-ports.ts';

/** Milliseconds until the store answered with all strategies. */
export async function measureStore({ elapsedMs }: HealthPorts, { strategies }: HealthReads): Promise<Reading> {
  const asked = elapsedMs();
  const { length } = await strategies();
  const value = Math.round(elapsedMs() - asked);
  return { value, detail: `${length} strategies read in ${value} ms` };
}

/** It looks each second: one that has not for so long does not run. */
export const WATCHDOG_LIMIT_MS = 10_000;

/** Milliseconds since the newest tick of the watchdog (runbook 3). */
export async function measureWatchdog({ records, now }: HealthPorts): Promise<Reading> {
  const watch = await records.get('WATCH', 'watchdog');
  return watch ? ageOf(watch.at, now(), 'looked at every strategy') : hasNotRun();
}

/** Milliseconds since the newest tick of the scheduled sweep. */
export async function measureHealthTick({ records, now }: HealthPorts): Promise<Reading> {
  const tick = await records.get('TICK', 'health');
  return tick ? ageOf(tick.at, now(), 'ran') : hasNotRun();
}

const hasNotRun = (): Reading => ({ value: Number.POSITIVE_INFINITY, detail: 'has not run yet', status: 'bad' });

/** Clocks of two functions may differ by a moment. */
function ageOf(at: string, now: Date, what: string): Reading {
  const value = Math.max(0, now.getTime() - Date.parse(at));
  return { value, detail: `${what} ${Math.round(value / 1000)} s ago` };
}
