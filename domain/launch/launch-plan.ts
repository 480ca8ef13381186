import type { SignedDocument } from '../approval/approval.ts';
import { sha256 } from '../crypto/sha256.ts';
import { digestOf } from '../ledger/digest.ts';
import type { AlsoLive } from '../plan/also-live.ts';
import type { Plan } from '../plan/plan.ts';
import type { SinceLastLaunch } from '../plan/since-last-launch.ts';
import type { RunStep } from '../run-step.ts';
import type { JudgedGate } from './read-preconditions.ts';

/** What is shown with a plan to those who sign it, and what they so have seen: no later change of it makes their signature void. */
export type Surroundings = {
  readonly gates: readonly JudgedGate[];
  readonly alsoLive: readonly AlsoLive[];
  readonly since: SinceLastLaunch | null;
};

/**
 * The document two people sign: the whole plan, under the digest by which it was shown before the launch, bound to this run, epoch and time
 * (product decision 14), and what was to be seen around it.
 */
export const launchPlan = (
  run: RunStep,
  plan: Plan,
  surroundings: Surroundings,
  expiresAt: string,
): SignedDocument => ({
  action: 'launch',
  strategy: run.strategyId,
  run: run.runId,
  environment: plan.environment,
  planDigest: digestOf(plan),
  plan,
  ...surroundings,
  epoch: run.epoch,
  nonce: nonceOf(run, 'launch'),
  expiresAt,
});

/** A nonce that the same step finds again when it is repeated, and no other run ever has. */
export const nonceOf = ({ runId, epoch }: RunStep, purpose: string): string =>
  sha256(`${purpose}/${runId}/${epoch}`).toString('hex').slice(0, 32);
