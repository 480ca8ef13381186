import type { Matrix } from '../communications/matrix.ts';
import type { Digest } from '../ids.ts';
import type { ApprovedChange } from '../launch/read-approved-change.ts';
import type { Registration } from '../registration.ts';
import { blastRadius } from './blast-radius.ts';
import type { OverrideInUse, Plan } from './plan.ts';

const TOLD = ['launch-start', 'launch-live', 'no-go', 'launch-withdrawn'] as const;

/** What a plan is made of: the registration, the approved change with its documents, overrides, the digests of the venues' calendars, and the communication matrix. */
export type PlanFacts = {
  readonly registration: Registration;
  readonly approved: ApprovedChange;
  readonly overrides: readonly OverrideInUse[];
  readonly calendars: Readonly<Record<string, Digest>>;
  /** Of a deployment; none where nothing is deployed yet, and then nobody is told. */
  readonly matrix: Pick<Matrix, 'rows'> | undefined;
};

/** The plan of a launch, whole. Pure: the same facts give the same plan, byte for byte in its canonical form. */
export function draftPlan({ registration, approved, overrides, calendars, matrix }: PlanFacts): Plan {
  const { id, environment, desk, policy } = registration;
  const { ticket, commit, artifactDigest, limits, limitsDigest, parameters, parametersDigest } = approved;
  const maxOrdersPerSec = Math.min(policy.maxOrdersPerSec, limits.maxOrdersPerSec);
  return {
    ...{ strategy: id, environment, desk, ticket, commit },
    ...{ artifactDigest, limits, limitsDigest, parameters, parametersDigest },
    manifest: {
      digest: approved.manifestDigest,
      signers: approved.signers.toSorted(),
      expiresAt: approved.expiresAt,
    },
    venues: registration.venues.map(({ id: venue, kind = 'live' }) => ({
      id: venue,
      kind,
      ...(calendars[venue] && { calendar: calendars[venue] }),
    })),
    engines: registration.engines.map(({ instanceId }) => instanceId),
    maxOrdersPerSec,
    policy,
    overrides: overrides.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    told: TOLD.flatMap((when) => {
      const row = matrix?.rows[when];
      return row ? [{ when, audience: row.audience, channels: row.channels }] : [];
    }),
    locked: [`deployment of ${id}`],
    blastRadius: blastRadius(registration, limits, maxOrdersPerSec),
  };
}
