import type { EngineConfiguration } from '../engine/attestation.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Registration } from '../registration.ts';
import { type Finding, finding } from './finding.ts';

export type Configured = {
  readonly instanceId: string;
  readonly configurationDigest?: string | undefined;
  /** Where it was said, it must hash to the digest. */
  readonly configuration?: EngineConfiguration | undefined;
  /** Every venue at which the instance may trade, where that was said. */
  readonly venues?: EngineConfiguration['venues'] | undefined;
};

/** What the registration says about the engines of a strategy. */
export type Expected = {
  readonly venues: Registration['venues'];
  /** `policy.engineConfiguration`: without it the instances must agree with one another. */
  readonly configurationDigest?: string | undefined;
};

/**
 * Runbook 2.2: every instance is set up as registered or, where nothing is registered, as more than half of the others: two programs or
 * versions side by side are a no-go that names the odd one out. It may trade at the strategy's registered venues only, and they are of the registered kind.
 */
export function checkConfiguration(instances: readonly Configured[], expected: Expected, now: Date): Finding[] {
  const agreed = expected.configurationDigest ?? majorityOf(instances);
  return instances.flatMap((instance) => {
    const evidence = {
      source: `engine ${instance.instanceId}`,
      observedAt: now.toISOString(),
      ...(instance.configurationDigest !== undefined && { hash: instance.configurationDigest }),
    };
    const check = (what: string, ok: boolean, should: string, actual: string) =>
      finding(ok, 'ConfigurationMismatch', {
        ...{ check: `${instance.instanceId}.${what}`, expected: should, actual, evidence },
      });
    const should = agreed ?? 'the same on all instances; they do not agree';
    const actual = saidDigest(instance);
    const foreign = foreignVenues(instance, expected.venues);
    return [
      check('configurationDigest', agreed !== undefined && actual === agreed, should, actual),
      check(
        'venues',
        foreign.length === 0,
        'registered venues, of their registered kind',
        foreign.join(', ') || 'those',
      ),
    ];
  });
}

/** The digest that an instance says, if what it says of itself really hashes to it. */
function saidDigest({ configuration, configurationDigest }: Configured): string {
  if (configurationDigest === undefined) return 'no attestation';
  const computed = configuration === undefined ? configurationDigest : digestOf(configuration);
  if (computed === configurationDigest) return configurationDigest;
  return `${configurationDigest}, and what it says of itself hashes to ${computed}`;
}

/** What more than half of the instances say, the only one included. */
function majorityOf(instances: readonly Configured[]): string | undefined {
  const counts = Map.groupBy(instances, saidDigest);
  const [said] = [...counts].find(([, those]) => those.length * 2 > instances.length) ?? [];
  return said?.startsWith('sha256:') ? said : undefined;
}

/** A venue that is left out of the list cannot be known: an instance that tells no venues is taken at its word about its configuration alone. */
function foreignVenues(
  { configuration, venues = configuration?.venues ?? [] }: Configured,
  registered: Expected['venues'],
): string[] {
  return venues
    .filter(({ venue, kind }) => !registered.some((known) => known.id === venue && (known.kind ?? 'live') === kind))
    .map(({ venue, kind }) => `${venue} (${kind})`);
}
