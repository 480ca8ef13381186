import type * as z from 'zod';
import { openApproval } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import { Digest } from '../ids.ts';
import { requireUnchanged } from '../plan/require-unchanged.ts';
import type { Ports } from '../ports/ports.ts';
import { runStep, type StepResult } from '../run-step.ts';
import { WaitingStep } from '../waiting-step.ts';
import { nonceOf } from './launch-plan.ts';

export const AskForFlip = WaitingStep.extend({ smokeDigest: Digest, killPathDigest: Digest, goNoGoDigest: Digest });
export type AskForFlip = z.infer<typeof AskForFlip>;

/**
 * Runbook 2.5: the trader's last signature, over the digests of plan, smoke report, kill path and go/no-go and the epoch, before
 * `live.enabled` is flipped; until then the risk officer may still decline. Throws PlanChanged where the plan that two people have
 * signed is not the plan any more: nobody is asked then.
 */
export async function askForFlip(command: AskForFlip, ports: Ports): Promise<StepResult> {
  const [registration, plan] = await Promise.all([
    readRegistration(command.strategyId, ports),
    requireUnchanged(command, ports),
  ]);
  const now = ports.now();
  const expiresAt = new Date(now.getTime() + registration.policy.flipMinutes * 60_000).toISOString();
  const document = {
    action: 'enable live trading',
    strategy: command.strategyId,
    run: command.runId,
    environment: registration.environment,
    planDigest: plan.digest,
    smokeDigest: command.smokeDigest,
    killPathDigest: command.killPathDigest,
    goNoGoDigest: command.goNoGoDigest,
    epoch: command.epoch,
    nonce: nonceOf(command, 'flip'),
    expiresAt,
  };
  const question = {
    kind: 'flag-flip' as const,
    document,
    requiredRoles: ['execution-trader' as const],
    mayDecline: ['risk-officer' as const],
    taskToken: command.taskToken,
  };
  return runStep(command, 'AskForFlip', (state) => openApproval(state, command, question, now), ports);
}
