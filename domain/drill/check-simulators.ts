import type { RiskStatus } from '../engine/risk-status.ts';
import type { VenueKind } from '../engine/venue-kind.ts';
import { type Finding, finding } from '../launch/finding.ts';
import type { Registration } from '../registration.ts';

/** What was learnt of each, at `now`; a text is why nothing was learnt. */
export type SimulatorEvidence = {
  readonly registration: Registration;
  readonly venues: readonly { readonly id: string; readonly says: VenueKind | { readonly nothing: string } }[];
  readonly engines: readonly { readonly id: string; readonly says: RiskStatus | { readonly nothing: string } }[];
  readonly now: Date;
};

/**
 * Whether a kill of this strategy can touch no market, by three that do not know of one another: the configuration that people
 * have deployed, each venue that it names, asked with our own key, and each engine about every venue at which it may trade.
 * One that is silent, unreadable, unknown to the others, or says live: a no-go. All findings are returned.
 */
export function checkSimulators(evidence: SimulatorEvidence): Finding[] {
  const { registration, venues, engines, now } = evidence;
  const observedAt = now.toISOString();
  const registered = registration.venues.map(({ id, kind }) =>
    judged(`drill.registered.${id}`, kind ?? 'live, since it says nothing', { source: 'configuration', observedAt }),
  );
  const told = venues.map(({ id, says }) => judged(`drill.venue.${id}`, textOf(says), { source: id, observedAt }));
  const attested = engines.flatMap(({ id, says }) => engineFindings(id, says, registration, observedAt));
  return [...registered, ...told, ...attested];
}

type Evidence = NonNullable<Finding['evidence']>;

const judged = (check: string, actual: string, evidence: Evidence): Finding =>
  finding(isPractice(actual), 'NotASimulator', { check, expected: 'paper or simulated', actual, evidence });

const isPractice = (kind: string): boolean => kind === 'paper' || kind === 'simulated';

const textOf = (says: VenueKind | { readonly nothing: string }): string =>
  typeof says === 'string' ? says : `live, since it says nothing: ${says.nothing}`;

/** Every venue at which the engine may trade; an engine that names none, one that is not registered, or another strategy proves nothing. */
function engineFindings(
  id: string,
  says: RiskStatus | { readonly nothing: string },
  { id: strategyId, venues }: Registration,
  observedAt: string,
): Finding[] {
  const evidence = { source: id, observedAt };
  const check = `drill.engine.${id}`;
  if ('nothing' in says) return [judged(check, `live, since it says nothing: ${says.nothing}`, evidence)];
  if (says.instanceId !== id || says.strategyId !== strategyId)
    return [judged(check, `not it: ${says.instanceId} of ${says.strategyId} answers there`, evidence)];
  if (!says.venues?.length) return [judged(check, 'live, since it does not say where it may trade', evidence)];
  return says.venues.map(({ venue, kind }) =>
    judged(
      `${check}.${venue}`,
      venues.some((each) => each.id === venue) ? kind : `${kind}, at ${venue}, which is not registered`,
      evidence,
    ),
  );
}
