import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import { differenceWords, type PlanDifference } from '../plan/plan-differences.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import type { Approval } from './approval.ts';
import { beginAgain } from './begin-again.ts';

const NAMED = 3;

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

/** Why a question is over, for whoever signs it, relies on it or has asked it. */
export function planChanged({ id, kind, changed = [] }: Approval): Refusal {
  const message = `what ${id} binds has changed: ${changeWords(changed)}`;
  return new Refusal('PlanChanged', message, `look at the new plan, then ${beginAgain(kind)}`, { changed });
}

/** The first few differences in words, and how many more there are. */
export function changeWords(changed: readonly PlanDifference[]): string {
  const named = changed.slice(0, NAMED).map(differenceWords).join('; ');
  return changed.length > NAMED ? `${named}; and ${changed.length - NAMED} more` : named;
}
