import type * as z from 'zod';
import { approvalId, openApproval } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import { Digest } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { runStep, type StepResult } from '../run-step.ts';
import { WaitingStep } from './ask-for-two-confirmations.ts';
import { nonceOf } from './launch-plan.ts';

export const AskForFlip = WaitingStep.extend({ smokeDigest: Digest, goNoGoDigest: Digest });
export type AskForFlip = z.infer<typeof AskForFlip>;

/** Runbook 2.5: the trader's last signature, over plan, smoke report and go/no-go, before `live.enabled` is flipped; the risk officer may still decline. */
export async function askForFlip(command: AskForFlip, ports: Ports): Promise<StepResult> {
  const [registration, plan] = await Promise.all([
    readRegistration(command.strategyId, ports),
    ports.records.get('APPROVAL', approvalId(command, 'launch-confirmation')),
  ]);
  if (!plan) throw new Refusal('UnknownApproval', 'nobody confirmed this run', 'launch again');
  const now = ports.now();
  const expiresAt = new Date(now.getTime() + registration.policy.flipMinutes * 60_000).toISOString();
  const document = {
    action: 'enable live trading',
    strategy: command.strategyId,
    run: command.runId,
    environment: registration.environment,
    planDigest: plan.digest,
    smokeDigest: command.smokeDigest,
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
