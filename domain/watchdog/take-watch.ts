import type { ControlRecords } from '../ports/strategies.ts';
import type { WatchRecord } from './watch-record.ts';

export type WatchStore = { readonly records: Pick<ControlRecords, 'get' | 'replace'>; readonly now: () => Date };

/** The one before writes each second, so a try or two may lose against it; more is trouble. */
const TRIES = 20;

/**
 * Takes the watch over from whoever has it: the invocation before sees at its next tick that it is over. Taking over is the first tick
 * of a term. An invocation whose earlier try went through unheard has it already. Throws what the store throws, and when others wrote first each time.
 */
export async function takeWatch(holder: string, { records, now }: WatchStore): Promise<WatchRecord> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = await records.get('WATCH', 'watchdog');
    if (before?.holder === holder) return before;
    const next: WatchRecord = {
      ...{ id: 'watchdog', holder, term: (before?.term ?? 0) + 1, at: now().toISOString(), ticks: 1 },
      version: (before?.version ?? 0) + 1,
    };
    if (await records.replace({ kind: 'WATCH', record: next })) return next;
  }
  throw new Error(`others took the watch each of ${TRIES} times`);
}

/**
 * Notes one more tick: the watch as it stands then, or nothing once another invocation has taken it over, which is for good. A write that seemed
 * to fail may have gone through all the same, so whoever is refused looks who holds it, by name. Throws what the store throws.
 */
export async function renewWatch(held: WatchRecord, { records, now }: WatchStore): Promise<WatchRecord | undefined> {
  let before = held;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { ticks, version } = before;
    const next = { ...before, at: now().toISOString(), ticks: ticks + 1, version: version + 1 };
    if (await records.replace({ kind: 'WATCH', record: next })) return next;
    const stands = await records.get('WATCH', 'watchdog');
    if (stands?.holder !== held.holder) return undefined;
    before = stands;
  }
  throw new Error(`the watch could not be renewed in ${TRIES} tries`);
}
