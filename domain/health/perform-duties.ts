import { withDeadline } from '../kill/with-deadline.ts';
import type { Done, Duty, Sweep } from './sweep.ts';

/** How a duty went: how long it took in milliseconds, and what went wrong. `isLate`: others did not wait for its end. */
export type Performed = {
  readonly name: string;
  readonly ms: number;
  readonly isLate: boolean;
  readonly count: number;
  readonly faults: readonly unknown[];
};

/**
 * Performs duties one after the other. One that fails keeps no other from being done, and the next one waits no longer for one that hangs
 * than its patience. What is late may go on beside the others for as long as the sweep lasts; what has not ended by then counts as failed.
 */
export async function performDuties(duties: readonly Duty[], first: Sweep, lastsMs: number): Promise<Performed[]> {
  const { elapsedMs } = first.ports;
  const ends = elapsedMs() + lastsMs;
  const begun: { name: string; isLate: boolean; work: Promise<Performed> }[] = [];
  let sweep = first;
  for (const { name, patienceMs, perform } of duties) {
    const began = elapsedMs();
    const done = attempt(perform, sweep);
    const work = done.then(({ count = 0, faults = [] }) => ({
      ...{ name, count, faults },
      ...{ ms: Math.round(elapsedMs() - began), isLate: false },
    }));
    const inTime = await withDeadline(done, patienceMs).catch(() => undefined);
    begun.push({ name, isLate: inTime === undefined, work });
    sweep = { ...sweep, ...(inTime?.strategies && { strategies: inTime.strategies }) };
  }
  return Promise.all(begun.map(({ name, isLate, work }) => endOf(name, isLate, work, ends - elapsedMs(), lastsMs)));
}

/** What it did, or what went wrong, at once or later. */
async function attempt(perform: Duty['perform'], sweep: Sweep): Promise<Done> {
  try {
    return await perform(sweep);
  } catch (fault) {
    return { faults: [fault] };
  }
}

async function endOf(
  name: string,
  isLate: boolean,
  work: Promise<Performed>,
  leftMs: number,
  lastsMs: number,
): Promise<Performed> {
  const fault = () => ({ name, ms: lastsMs, isLate: true, count: 0, faults: [new Error(`'${name}' has not ended`)] });
  const ended = await withDeadline(work, Math.max(0, leftMs)).catch(fault);
  return isLate ? { ...ended, isLate } : ended;
}
