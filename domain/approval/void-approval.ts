import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import type { PlanDifference } from '../plan/plan-differences.ts';
import type { Strategy } from '../strategy.ts';
import type { Approval } from './approval.ts';
import { changeWords } from './plan-changed.ts';

/**
 * A question whose world has changed is over (product decision 14): nobody can sign it any more, what was signed carries nothing, the
 * ledger says what changed, and whoever asked is told. What is over already stays as it is.
 */
export function voidApproval(
  state: Strategy,
  approval: Approval,
  changed: readonly PlanDifference[],
  now: Date,
): Decision<Approval> {
  if (approval.status !== 'open' && approval.status !== 'complete') return { state, entries: [], reply: approval };
  const { id, kind, digest, runId, strategyId } = approval;
  const next: Approval = { ...approval, status: 'void', changed: [...changed] };
  return {
    state,
    entries: [
      {
        type: 'approval.voided',
        actor: ActorId.parse('service:control-plane'),
        run: runId,
        payload: { approval: id, kind, digest, changed },
      },
    ],
    records: [
      { kind: 'APPROVAL', record: next },
      ...announce('approval-void', { strategyId, runId, reason: changeWords(changed) }, now),
    ],
    reply: next,
  };
}
