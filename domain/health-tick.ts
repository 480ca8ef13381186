import * as z from 'zod';
import { DUTIES, type DutyName } from './health/duties.ts';
import { type Performed, performDuties } from './health/perform-duties.ts';
import type { Duty, TickPorts } from './health/sweep.ts';

/**
 * What the schedule sends, and one wish: `sealNow` seals the refusals of the minute under way too, for somebody who cannot wait.
 * Nothing is lost by it: what comes later in that minute is counted anew.
 */
export const HealthTick = z.object({ sealNow: z.boolean().default(false) }).catch({ sealNow: false });
export type HealthTick = z.infer<typeof HealthTick>;

const OVER_AFTER_MS = 65_000; // from the beginning of a minute: 5 s for those whose clocks differ
const LASTS_MS = 46_000; // of the 50 s that its Lambda may take

/**
 * The scheduled sweep: planned halts whose time has come begin, and orders that stops have left are looked after; kills that wait in the spool are taken in, what a killed scope covers and is not killed yet is, and a
 * kill or a stop that was recorded, but whose machine could not be started then, gets it now. (A launch does not: nobody expects it any more, and stopping the strategy ends it. Nor does a recovery: it is asked for again.)
 * The time is noted for the health page, the control plane's own health is measured, refused attempts of minutes that are over are sealed into the `access` log, and the
 * identity provider's keys are kept for a kill that comes while it is away. Questions whose plan has changed become void, and what was launched after a
 * kill is told as restored, or not. What live strategies' leases reported is kept once a minute, and what ended runs left is filed. Whoever leads the incident of a kill is reminded of half an hour without news. No
 * part keeps the others from being done, by failing or by hanging; what went wrong is thrown at the end.
 */
export async function healthTick(
  { sealNow }: HealthTick,
  ports: TickPorts,
  { duties = DUTIES, lastsMs = LASTS_MS }: { duties?: readonly Duty[]; lastsMs?: number } = {},
): Promise<{ summary: string }> {
  const sealBefore = (now: Date) => new Date(now.getTime() + (sealNow ? 1 : -OVER_AFTER_MS));
  const strategies = await ports.strategies.list();
  const performed = await performDuties(duties, { strategies, sealBefore, ports }, lastsMs);
  tellTimes(performed, ports);
  const faults = performed.flatMap((each) => each.faults);
  if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('; '));
  const count = (name: DutyName) => performed.find((each) => each.name === name)?.count ?? 0;
  const begun = count('begin planned halts');
  const resumed = count('resume machines');
  return {
    summary: `${begun > 0 ? `${begun} planned halts begun, ` : ''}${resumed} machines resumed, ${count('seal refusals')} refusals sealed`,
  };
}

/** One line of the log: how long each duty took, which failed, and which were late. */
function tellTimes(performed: readonly Performed[], { log }: Pick<TickPorts, 'log'>): void {
  const names = (some: readonly Performed[]) => some.map(({ name }) => name);
  log({
    outcome: 'swept',
    tookMs: Object.fromEntries(performed.map(({ name, ms }) => [name, ms])),
    failed: names(performed.filter(({ faults }) => faults.length > 0)),
    late: names(performed.filter(({ isLate }) => isLate)),
  });
}
