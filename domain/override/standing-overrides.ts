import { type Approval, missingRoles } from '../approval/approval.ts';
import { refuseSignatures } from '../approval/verify-approval.ts';
import { readStrategy } from '../change.ts';
import type { ActorId, StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { DemoAuthenticators } from '../ports/webauthn.ts';
import type { Override, StandingOverride } from './override.ts';
import { overrideTerms } from './override-terms.ts';

export type OverridePorts = Pick<Ports, 'strategies' | 'demoAuthenticators' | 'now'> & {
  readonly records: Pick<Ports['records'], 'get' | 'list'>;
};

const MOST_OVERRIDES = 500; // an override lasts a day at most

/** The overrides of a strategy that are in force now: signed by both, unexpired, at its present epoch. */
export async function standingOverrides(strategyId: StrategyId, ports: OverridePorts): Promise<StandingOverride[]> {
  const now = ports.now().toISOString();
  const all = await ports.records.list('OVERRIDE', { limit: MOST_OVERRIDES });
  const recent = all.filter((each) => each.strategyId === strategyId && now < each.expiresAt);
  if (recent.length === 0) return [];
  const { epoch } = await readStrategy(strategyId, ports);
  const judged = await Promise.all(
    recent
      .filter((each) => each.epoch === epoch)
      .map(async (override) => {
        const signers = signersOf(override, await ports.records.get('APPROVAL', override.approval), ports);
        return signers && { ...override, signers };
      }),
  );
  return judged.filter((each) => each !== undefined);
}

/**
 * Who has signed an override, if that carries it: two people in both roles, over exactly its terms, each signature checked again. The time to
 * sign is over long before an override is, so that it does not count here.
 */
export function signersOf(
  override: Override,
  approval: Approval | undefined,
  { demoAuthenticators }: { readonly demoAuthenticators: DemoAuthenticators },
): ActorId[] | undefined {
  if (approval?.status !== 'complete' || missingRoles(approval).length > 0) return undefined;
  const { document, digest } = approval;
  const isAbout = digestOf(document) === digest && digestOf(document['override']) === digestOf(overrideTerms(override));
  if (!isAbout || refuseSignatures(approval, demoAuthenticators)) return undefined;
  const signers = new Set(
    approval.signatures.filter(({ decision }) => decision === 'approve').map(({ actor }) => actor),
  );
  return signers.size >= 2 ? [...signers] : undefined;
}
