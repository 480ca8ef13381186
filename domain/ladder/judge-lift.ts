import { Refusal } from '../refusal.ts';
import type { LiftEvidence } from './lift-evidence.ts';
import type { Restriction, RestrictionCause } from './restriction.ts';

/**
 * Product decision 5: what a monitor holds back is lifted by nobody while that monitor still finds something (CauseStands), nor before it has found
 * nothing for the quiet period (QuietPeriod). Alerts that would hold the strategy back themselves count too. What a person holds back needs no such time.
 */
export function judgeLift(restriction: Restriction, evidence: LiftEvidence, now: Date): Refusal | undefined {
  const standing = standingCauses(evidence);
  if (standing.length > 0)
    return new Refusal(
      'CauseStands',
      `what it is held back for still stands: ${standing.map(({ detail }) => detail).join('; ')}`,
      'mend that first; it may be lifted once it has been quiet for a while',
      { standing },
    );
  const until = new Date(quietSince(restriction, evidence) + evidence.quietMs);
  if (now >= until) return undefined;
  return new Refusal(
    'QuietPeriod',
    `it has not been quiet for ${evidence.quietMs / 60_000} minutes yet`,
    `ask again at ${until.toISOString()}, if nothing is found until then`,
    { quietUntil: until.toISOString() },
  );
}

/** What still stands: an open alert at which a monitor acts, and an open incident of a venue. */
const standingCauses = ({ alerts, incidents }: LiftEvidence): { id: string; detail: string }[] => [
  ...alerts
    .filter(({ level, resolvedAt }) => level === 'act' && resolvedAt === undefined)
    .map(({ id, detail }) => ({ id, detail })),
  ...incidents.filter(({ status }) => status === 'open').map(({ id, reason }) => ({ id, detail: reason })),
];

/** The latest moment at which any monitor among the causes found something, in epoch ms. */
const quietSince = ({ causes }: Restriction, evidence: LiftEvidence): number =>
  Math.max(0, ...causes.filter(isAutomatic).map((cause) => Date.parse(lastSeen(cause, evidence))));

/** An alert that is milder by now was worse until then; of a cause that nothing is known of any more: when it was noted. */
function lastSeen({ id, at }: RestrictionCause, { alerts, incidents }: LiftEvidence): string {
  const alert = alerts.find((each) => each.id === id);
  if (alert) return alert.goodSince ?? alert.milder?.since ?? alert.resolvedAt ?? alert.reached.since;
  const incident = incidents.find((each) => each.id === id);
  return incident?.stableSince ?? incident?.endedAt ?? at;
}

/** Held back by a monitor, not by a person. */
export const isAutomatic = ({ by }: Pick<RestrictionCause, 'by'>): boolean => by.startsWith('service:');
