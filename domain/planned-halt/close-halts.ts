import type { ControlRecord } from '../control-record.ts';
import type { RunId, StrategyId } from '../ids.ts';
import { keptPlannedHalts, type PlannedHalt, type PlannedHalts, scheduledIn } from './planned-halt.ts';

type Ends = {
  readonly status: Exclude<PlannedHalt['status'], 'scheduled' | 'under-way'>;
  readonly outcome?: string;
};

/** The calendar after a stop has begun as that run: what was scheduled is under way now, whether its time had come or somebody stopped it sooner. */
export function begunHalts(calendar: PlannedHalts | undefined, run: RunId, now: Date): ControlRecord[] {
  const scheduled = scheduledIn(calendar);
  const begun = { status: 'under-way' as const, begunAt: now.toISOString(), run };
  return changed(calendar, (halt) => (halt.id === scheduled?.id ? { ...halt, ...begun } : halt), now);
}

/** The calendar after the stop that was carried out as that run is over. */
export const endedHalts = (calendar: PlannedHalts | undefined, run: RunId, ends: Ends, now: Date): ControlRecord[] =>
  changed(
    calendar,
    (halt) => (halt.status === 'under-way' && halt.run === run ? { ...halt, ...ends, until: now.toISOString() } : halt),
    now,
  );

/** The calendar after a kill, which is halt enough: whatever was to come or under way is its own now. */
export const takenOverHalts = (calendar: PlannedHalts | undefined, kill: RunId, now: Date): ControlRecord[] =>
  changed(
    calendar,
    (halt) =>
      halt.status === 'scheduled' || halt.status === 'under-way'
        ? { ...halt, status: 'taken-over', until: now.toISOString(), outcome: `taken over by ${kill}` }
        : halt,
    now,
  );

/** The calendar with the halt of a stop that nobody had scheduled, which begins now; as it is where the run stands in it already. */
export function withHaltOfRun(
  strategyId: StrategyId,
  calendar: PlannedHalts | undefined,
  halt: PlannedHalt,
  now: Date,
): ControlRecord[] {
  const halts = calendar?.halts ?? [];
  if (halts.some(({ run }) => run === halt.run)) return [];
  return [{ kind: 'PLANNEDHALT', record: keptPlannedHalts(strategyId, [...halts, halt], now) }];
}

/** Nothing to write where no halt has changed. */
function changed(
  calendar: PlannedHalts | undefined,
  edit: (halt: PlannedHalt) => PlannedHalt,
  now: Date,
): ControlRecord[] {
  if (!calendar) return [];
  const next = calendar.halts.map(edit);
  if (next.every((halt, index) => halt === calendar.halts[index])) return [];
  return [{ kind: 'PLANNEDHALT', record: keptPlannedHalts(calendar.id, next, now) }];
}
