import * as z from 'zod';
import { openApproval } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { RunStep, runStep, type StepResult } from '../run-step.ts';
import { launchPlan } from './launch-plan.ts';
import { readApprovedChange } from './read-approved-change.ts';

/** A state that waits for people: its token stays in the approval's item. */
export const WaitingStep = RunStep.extend({ taskToken: z.string().min(1).max(2048) });
export type WaitingStep = z.infer<typeof WaitingStep>;

/** Runbook 2.3: an execution trader and a risk officer, two people, sign the same plan within the agreed time. No answer is a no. */
export async function askForTwoConfirmations(command: WaitingStep, ports: Ports): Promise<StepResult> {
  const [registration, approved] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readApprovedChange(command.strategyId, ports),
  ]);
  const now = ports.now();
  const expiresAt = new Date(now.getTime() + registration.policy.confirmationMinutes * 60_000).toISOString();
  const document = launchPlan(command, approved, registration, expiresAt);
  const question = {
    kind: 'launch-confirmation' as const,
    document,
    requiredRoles: ['execution-trader' as const, 'risk-officer' as const],
    taskToken: command.taskToken,
  };
  return runStep(command, 'AskForTwoConfirmations', (state) => openApproval(state, command, question, now), ports);
}
