import type * as z from 'zod';
import { openApproval } from '../approval/open-approval.ts';
import { readRegistration } from '../change.ts';
import { Digest } from '../ids.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import { readApprovedChange } from '../launch/read-approved-change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { runStep, type StepResult } from '../run-step.ts';
import { WaitingStep } from '../waiting-step.ts';
import { digestsOf } from './change-stands-gate.ts';
import { whatHappened } from './what-happened.ts';

export const AskToResume = WaitingStep.extend({ reconciliationDigest: Digest });
export type AskToResume = z.infer<typeof AskToResume>;

/** Product decision 9: an execution trader and a risk officer, two people, sign what happened, what is resumed, and that books agree. No answer is a no. */
export async function askToResume(command: AskToResume, ports: Ports): Promise<StepResult> {
  const { strategyId, epoch, reconciliationDigest, taskToken } = command;
  const [registration, approved, run, happened] = await Promise.all([
    readRegistration(strategyId, ports),
    readApprovedChange(strategyId, ports),
    readRun(command, ports),
    whatHappened(strategyId, ports),
  ]);
  const now = ports.now();
  const expiresAt = new Date(now.getTime() + registration.policy.confirmationMinutes * 60_000).toISOString();
  const document = {
    ...{ action: 'resume', strategy: strategyId, run: run.id, environment: registration.environment },
    ...{ ticket: run.ticket ?? approved.ticket, resumes: run.request['resumes'], reason: run.request['reason'] },
    ...{ whatHappened: happened ?? null, reconciliationDigest, ...digestsOf(approved) },
    ...{ venues: registration.venues.map(({ id }) => id) },
    ...{ engines: registration.engines.map(({ instanceId }) => instanceId) },
    ...{ epoch, nonce: nonceOf(command, 'resume'), expiresAt },
  };
  const question = {
    kind: 'resume' as const,
    document,
    requiredRoles: ['execution-trader' as const, 'risk-officer' as const],
    taskToken,
  };
  return runStep(command, 'AskToResume', (state) => openApproval(state, command, question, now), ports);
}
