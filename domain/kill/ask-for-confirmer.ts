import { approvalId, openApproval } from '../approval/open-approval.ts';
import { change, readRegistration, readStrategy } from '../change.ts';
import type { WaitingStep } from '../launch/ask-for-two-confirmations.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { StepResult } from '../run-step.ts';
import { withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { askedElsewhere } from './asked-elsewhere.ts';

const ANSWERED: StepResult = { summary: 'confirmed already', verdict: 'done' };

/** A confirmation may come late and still counts (decision 1): it pages people when 15 minutes pass, but never lapses. */
const NEVER_LAPSES_MS = 365 * 24 * 3600_000;

/**
 * Runbook 5.1.2: another person in another role than the initiator confirms the kill. Asked again after each escalation with
 * a new token; an answer that came meanwhile lets the machine go on at once. A kill of what is killed already asks nothing:
 * there is one question for each latch, and it is asked under the run that latched.
 */
export async function askForConfirmer(command: WaitingStep, ports: Ports): Promise<StepResult> {
  const id = approvalId(command, 'kill-confirmation');
  const answered = async () => (await ports.records.get('APPROVAL', id))?.status === 'complete';
  const goOn = async (result: StepResult) => {
    await ports.executions.succeed(command.taskToken, { approval: id });
    return result;
  };
  if (await answered()) return goOn(ANSWERED);
  const [state, registration] = await Promise.all([
    readStrategy(command.strategyId, ports),
    readRegistration(command.strategyId, ports),
  ]);
  if (!state.latch) throw new Refusal('NotFound', `${state.id} is not killed any more`, 'nothing is left to confirm');
  if (state.latch.runId !== command.runId) return goOn(askedElsewhere(state.latch));
  const { initiatedBy, initiatorRoles, reason, at } = state.latch;
  const run = { ...command, epoch: state.epoch };
  const document = {
    action: 'confirm kill',
    strategy: state.id,
    run: command.runId,
    reason,
    initiator: initiatedBy,
    killedAt: at,
    epoch: state.epoch,
    nonce: nonceOf(run, 'kill'),
    escalatesAfterMinutes: registration.policy.killConfirmationMinutes,
  };
  const question = {
    kind: 'kill-confirmation' as const,
    document,
    requiredRoles: [
      initiatorRoles.includes('risk-officer') ? ('execution-trader' as const) : ('risk-officer' as const),
    ],
    excluded: [initiatedBy],
    expiresAt: new Date(ports.now().getTime() + NEVER_LAPSES_MS).toISOString(),
    taskToken: command.taskToken,
  };
  const key = {
    key: `${command.runId}/AskForConfirmer/${question.document.nonce}/${command.taskToken.slice(-16)}`,
    body: { epoch: state.epoch },
  };
  const ask = async (now: Strategy) =>
    (await answered()) ? { state: now, entries: [], reply: ANSWERED } : openApproval(now, run, question, ports.now());
  const changed = await change(command.strategyId, key, ask, ports);
  return changed.reply === ANSWERED ? goOn(ANSWERED) : withLedgerIndex(changed);
}
