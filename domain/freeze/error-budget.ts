import * as z from 'zod';
import type { Run } from '../control-record.ts';
import type { StrategyId } from '../ids.ts';

const DAY_MS = 86_400_000;

/** How many kills and failed launches a strategy may have in so many days before its launches are frozen. */
export const ErrorBudget = z.strictObject({ failures: z.int().min(0).max(100), days: z.int().min(1).max(90) });
export type ErrorBudget = z.infer<typeof ErrorBudget>;

/** Noes of people, calendars and freezes: nothing went wrong, and a freeze must not keep itself alive. */
const NOT_COUNTED: ReadonlySet<string> = new Set([
  'LaunchPostponed',
  'LaunchesFrozen',
  'ApprovalDeclined',
  'ApprovalExpired',
  'PlanChanged',
  'States.Timeout', // nobody signed in time
]);

export type Spent = {
  readonly failures: number;
  /** Since the failure that overdrew the budget, until enough of them are too old to count; nothing while it is not overdrawn. */
  readonly overdrawn?: { readonly since: string; readonly until: string };
};

/** What is spent of a strategy's budget: its kills (but for drills) and its failed launches, by when they began. */
export function spentOf(
  { failures: allowed, days }: ErrorBudget,
  strategyId: StrategyId,
  { runs, drills, now }: { runs: readonly Run[]; drills: ReadonlySet<string>; now: Date },
): Spent {
  const from = new Date(now.getTime() - days * DAY_MS).toISOString();
  const counted = runs
    .filter((run) => run.strategyId === strategyId && run.startedAt > from && isFailure(run, drills))
    .toSorted((left, right) => left.startedAt.localeCompare(right.startedAt));
  const [over, leaves] = [counted[allowed], counted.at(-allowed - 1)];
  if (!over || !leaves) return { failures: counted.length };
  const until = new Date(Date.parse(leaves.startedAt) + days * DAY_MS).toISOString();
  return { failures: counted.length, overdrawn: { since: over.startedAt, until } };
}

function isFailure({ id, machine, failure }: Run, drills: ReadonlySet<string>): boolean {
  if (machine === 'kill') return !drills.has(id);
  return machine === 'launch' && failure !== undefined && !NOT_COUNTED.has(failure.code);
}
