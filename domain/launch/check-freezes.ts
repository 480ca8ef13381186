import { type Freeze, isSoft, isStanding } from '../freeze/freeze.ts';
import { howToLift } from '../freeze/how-to-lift.ts';
import { type Finding, finding, softFinding } from './finding.ts';

/** Runbook 5.1.4: nothing is launched while a freeze stands. One finding for each, so that all are seen at once; lifted ones and those that are over do not count. */
export function checkFreezes(all: readonly Freeze[], now: Date): Finding[] {
  const freezes = all.filter((each) => isStanding(each, now));
  const evidence = { source: 'freezes', observedAt: now.toISOString() };
  if (freezes.length === 0)
    return [
      finding(true, 'LaunchesFrozen', { check: 'freeze.none', expected: 'no freeze', actual: 'no freeze', evidence }),
    ];
  return freezes.map((freeze) => {
    const { id, scope, reason, since, by, runId, until } = freeze;
    const judged = isSoft(freeze) ? softFinding : finding;
    return judged(false, 'LaunchesFrozen', {
      check: `freeze.${id}`,
      expected: 'no freeze',
      actual: `${scope} frozen since ${since} by ${runId ?? by}${until === undefined ? '' : `, until ${until}`}: ${reason}`,
      evidence,
      next: howToLift(freeze),
    });
  });
}
