import { type Finding, finding } from './finding.ts';
import type { Freeze } from './freeze.ts';

/** Runbook 5.1.4: nothing is launched while a freeze stands. One finding for each, so that all are seen at once; lifted ones do not count. */
export function checkFreezes(all: readonly Freeze[], now: Date): Finding[] {
  const freezes = all.filter(({ liftedAt }) => liftedAt === undefined);
  const evidence = { source: 'freezes', observedAt: now.toISOString() };
  if (freezes.length === 0)
    return [
      finding(true, 'LaunchesFrozen', { check: 'freeze.none', expected: 'no freeze', actual: 'no freeze', evidence }),
    ];
  return freezes.map(({ id, reason, since, runId }) =>
    finding(false, 'LaunchesFrozen', {
      check: `freeze.${id}`,
      expected: 'no freeze',
      actual: `frozen since ${since} by ${runId}: ${reason}`,
      evidence,
    }),
  );
}
