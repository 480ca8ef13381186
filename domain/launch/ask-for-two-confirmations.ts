import { openApproval } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import { alsoLive } from '../plan/also-live.ts';
import { readPlan } from '../plan/read-plan.ts';
import { sinceLastLaunch } from '../plan/since-last-launch.ts';
import type { Ports } from '../ports/ports.ts';
import { runStep, type StepResult } from '../run-step.ts';
import type { WaitingStep } from '../waiting-step.ts';
import { requireJudged } from './judged-manifests.ts';
import { launchPlan } from './launch-plan.ts';
import { readPreconditions } from './read-preconditions.ts';

/** Runbook 2.3: an execution trader and a risk officer, two people, sign the same plan within the agreed time. No answer is a no. */
export async function askForTwoConfirmations(command: WaitingStep, ports: Ports): Promise<StepResult> {
  const [registration, plan, gates] = await Promise.all([
    readRegistration(command.strategyId, ports),
    readPlan(command.strategyId, ports),
    readPreconditions(command, ports),
  ]);
  await requireJudged(command, plan.manifest.digest, ports);
  const [others, since] = await Promise.all([alsoLive(registration, ports), sinceLastLaunch(plan, ports)]);
  const now = ports.now();
  const expiresAt = new Date(now.getTime() + registration.policy.confirmationMinutes * 60_000).toISOString();
  const document = launchPlan(command, plan, { gates, alsoLive: others, since: since ?? null }, expiresAt);
  const question = {
    kind: 'launch-confirmation' as const,
    document,
    requiredRoles: ['execution-trader' as const, 'risk-officer' as const],
    taskToken: command.taskToken,
  };
  return runStep(command, 'AskForTwoConfirmations', (state) => openApproval(state, command, question, now), ports);
}
