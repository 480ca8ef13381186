import * as z from 'zod';
import { Role, type SignedDocument } from '../approval/approval.ts';
import { approvalId, askOn, openApproval, type Question } from '../approval/open-approval.ts';
import { change, readRegistration, readStrategy } from '../change.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { type RunStep, type StepResult, withLedgerIndex } from '../run-step.ts';
import type { Latch, Strategy } from '../strategy.ts';
import type { WaitingStep } from '../waiting-step.ts';
import { askedElsewhere } from './asked-elsewhere.ts';

const ANSWERED: StepResult = { summary: 'confirmed already', verdict: 'done' };

/** A confirmation may come late and still counts (decision 1): it pages people when 15 minutes pass, but never lapses. */
const NEVER_LAPSES_MS = 365 * 24 * 3600_000;

/**
 * Runbook 5.1.2: both signatures of a kill, that of its initiator and that of another person in another role. Asked again after each escalation with
 * a new token; an answer that came meanwhile lets the machine go on at once. A kill of what is killed already asks nothing:
 * there is one question for each latch, and it is asked under the run that latched.
 */
export async function askForConfirmer(command: WaitingStep, ports: Ports): Promise<StepResult> {
  const id = approvalId(command, 'kill-confirmation');
  const asked = () => ports.records.get('APPROVAL', id);
  const goOn = async (result: StepResult) => {
    await ports.executions.succeed(command.taskToken, { approval: id });
    return result;
  };
  if ((await asked())?.status === 'complete') return goOn(ANSWERED);
  const [state, registration] = await Promise.all([
    readStrategy(command.strategyId, ports),
    readRegistration(command.strategyId, ports),
  ]);
  if (!state.latch) throw new Refusal('NotFound', `${state.id} is not killed any more`, 'nothing is left to confirm');
  if (state.latch.runId !== command.runId) return goOn(askedElsewhere(state.latch));
  const run = { ...command, epoch: state.epoch };
  const question = { ...questionOf(state.latch, run, registration, ports.now()), taskToken: command.taskToken };
  const key = {
    key: `${command.runId}/AskForConfirmer/${question.document.nonce}/${command.taskToken.slice(-16)}`,
    body: { epoch: state.epoch },
  };
  const ask = async (now: Strategy) => {
    const before = await asked();
    if (before?.status === 'complete') return { state: now, entries: [], reply: ANSWERED };
    return before ? askOn(now, before, command.taskToken) : openApproval(now, run, question, ports.now());
  };
  const changed = await change(command.strategyId, key, ask, ports);
  return changed.reply === ANSWERED ? goOn(ANSWERED) : withLedgerIndex(changed);
}

/** Both signatures of a kill, in one question: of the people who are still to sign it. */
function questionOf(latch: Latch, run: RunStep, { policy }: Registration, now: Date) {
  const document: SignedDocument = {
    action: 'confirm kill',
    strategy: run.strategyId,
    run: run.runId,
    reason: latch.reason,
    initiator: latch.initiatedBy,
    killedAt: latch.at,
    epoch: run.epoch,
    nonce: nonceOf(run, 'kill'),
    escalatesAfterMinutes: policy.killConfirmationMinutes,
    expiresAt: new Date(now.getTime() + NEVER_LAPSES_MS).toISOString(),
  };
  return { kind: 'kill-confirmation' as const, document, ...signersOf(latch) };
}

/**
 * Decision 1: the initiator, that very person, unless the key of their device signed with the kill already; and another person
 * in another role. Where no person killed (a monitor, a button, by hand in the console), trader and risk officer.
 */
function signersOf({
  initiatedBy,
  initiatorRoles,
  initiatorProof,
}: Latch): Pick<Question, 'requiredRoles' | 'excluded' | 'onlyBy'> {
  const [first] = z.array(Role).catch([]).parse(initiatorRoles);
  if (first === undefined) return { requiredRoles: ['execution-trader', 'risk-officer'] };
  const isRisk = initiatorRoles.includes('risk-officer');
  const own = isRisk ? 'risk-officer' : first;
  const confirmer = isRisk ? 'execution-trader' : 'risk-officer';
  if (initiatorProof !== undefined) return { requiredRoles: [confirmer], excluded: [initiatedBy] };
  return { requiredRoles: [own, confirmer], onlyBy: { [own]: initiatedBy } };
}
