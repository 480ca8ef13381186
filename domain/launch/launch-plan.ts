import type { SignedDocument } from '../approval/approval.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Registration } from '../registration.ts';
import type { RunStep } from '../run-step.ts';
import type { ApprovedChange } from './read-approved-change.ts';

/** The document two people sign: everything that is to be launched, and nothing that can change under them (product decision 14). */
export function launchPlan(
  run: RunStep,
  approved: ApprovedChange,
  registration: Registration,
  expiresAt: string,
): SignedDocument {
  return {
    action: 'launch',
    strategy: run.strategyId,
    run: run.runId,
    environment: registration.environment,
    ticket: approved.ticket,
    artifactDigest: approved.artifactDigest,
    limitsDigest: approved.limitsDigest,
    parametersDigest: approved.parametersDigest,
    maxOrdersPerSec: Math.min(registration.policy.maxOrdersPerSec, approved.limits.maxOrdersPerSec),
    venues: registration.venues.map(({ id }) => id),
    engines: registration.engines.map(({ instanceId }) => instanceId),
    epoch: run.epoch,
    nonce: nonceOf(run, 'launch'),
    expiresAt,
  };
}

/** A nonce that the same step finds again when it is repeated, and no other run ever has. */
export const nonceOf = ({ runId, epoch }: RunStep, purpose: string): string =>
  sha256(`${purpose}/${runId}/${epoch}`).toString('hex').slice(0, 32);
