import type { Approval } from '../approval/approval.ts';
import { approvalId, openApproval, type Question } from '../approval/open-approval.ts';
import type { ControlRecord } from '../control-record.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Decision } from '../decision.ts';
import { type ActorId, type ApprovalId, RunId, type StrategyId } from '../ids.ts';
import { nonceOf } from '../launch/launch-plan.ts';
import type { RunStep } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import type { LiftEvidence } from './lift-evidence.ts';
import { liftChanged, liftTerms } from './lift-terms.ts';
import type { Restriction } from './restriction.ts';
import { rateWords, restrictionWords } from './restriction-words.ts';

/** `asked`: two people sign first, then the same is asked for again. */
export type LiftAnswer = {
  readonly strategyId: StrategyId;
  readonly status: 'asked' | 'lifted';
  readonly approval: ApprovalId;
  readonly mode: Strategy['mode'];
  readonly maxOrdersPerSec: number;
  readonly summary: string;
};

/** Who asks that a strategy is held back no longer, why, and in which surroundings. */
export type AskingForLift = {
  readonly actor: ActorId;
  readonly key: string;
  readonly reason: string;
  readonly environment: string;
  readonly evidence: LiftEvidence;
  readonly alongside?: readonly ControlRecord[];
  readonly now: Date;
};

const SIGNED_WITHIN_MS = 15 * 60_000;

/** Asks an execution trader and a risk officer, two people, whether the strategy may trade at its approved rate again: over exactly what holds it back now. */
export function openLift(state: Strategy, restriction: Restriction, asking: AskingForLift): Decision<LiftAnswer> {
  const step = { strategyId: state.id, runId: runOf(state.id, asking), epoch: state.epoch };
  const approval = approvalId(step, 'lift');
  const { entries, records } = openApproval(state, step, questionOf(step, restriction, asking), asking.now);
  const { actor, reason, alongside = [] } = asking;
  const payload = { approval, reason, ...liftTerms(restriction) };
  return {
    state: { ...state, restriction: { ...restriction, question: approval } },
    entries: [{ type: 'lift.requested', actor, run: step.runId, payload }, ...entries],
    records: [...records, ...alongside],
    reply: liftAsked(state, restriction, approval),
  };
}

/** The question is open: nothing has changed yet. */
export const liftAsked = (
  { id, mode, maxOrdersPerSec }: Strategy,
  restriction: Restriction,
  approval: ApprovalId,
): LiftAnswer => ({
  ...{ strategyId: id, status: 'asked', approval, mode, maxOrdersPerSec },
  summary: `an execution trader and a risk officer sign that ${id} may send ${rateWords(restriction.approvedOrdersPerSec)} again; until then it stays ${restrictionWords(restriction)}. Then ask for it again`,
});

/** Whether a question still asks about what holds the strategy back now, at its epoch, and in time. */
export const isCurrent = (question: Approval, { epoch }: Strategy, restriction: Restriction, now: Date): boolean =>
  question.epoch === epoch &&
  now.toISOString() < question.expiresAt &&
  question.changed === undefined &&
  liftChanged(question, restriction).length === 0;

/** Its name in the ledger. */
function runOf(strategyId: StrategyId, { key, now }: AskingForLift): RunId {
  const date = now.toISOString().slice(0, 10).replaceAll('-', '');
  const short = sha256(`${key}/${now.toISOString()}`).toString('hex').slice(0, 12);
  return RunId.parse(`lift-${strategyId}-${date}-${short}`);
}

function questionOf(step: RunStep, restriction: Restriction, asking: AskingForLift): Question {
  const { reason, actor, environment, evidence, now } = asking;
  const alerts = evidence.alerts.map(({ id, level, detail, goodSince, resolvedAt }) => ({
    ...{ id, level, detail, quietSince: goodSince ?? resolvedAt ?? null },
  }));
  return {
    kind: 'lift',
    document: {
      ...{ action: 'lift restriction', strategy: step.strategyId, environment, ...liftTerms(restriction) },
      ...{ alerts, reason, requestedBy: actor, epoch: step.epoch },
      nonce: nonceOf(step, `lift/${now.toISOString()}`),
      expiresAt: new Date(now.getTime() + SIGNED_WITHIN_MS).toISOString(),
    },
    requiredRoles: ['execution-trader', 'risk-officer'],
  };
}
