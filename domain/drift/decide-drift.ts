import type { Role } from '../approval/approval.ts';
import { type Caller, requireRole } from '../approval/caller.ts';
import { type Changed, change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import type { DriftDecision } from './drift-decision.ts';
import type { DriftPorts } from './drift-ports.ts';
import type { DriftReview } from './drift-review.ts';
import { enteredLines, linesText } from './lines-text.ts';

/** Who reviews a drift (product section 1). */
export const MAY_REVIEW_DRIFT: readonly Role[] = ['quant', 'risk-officer'];

export type DecideDrift = {
  readonly caller: Caller;
  readonly id: string;
  readonly key: string;
  readonly request: DriftDecision;
};
export type DriftDecided = { readonly review: DriftReview; readonly summary: string };

/**
 * Runbook 3.3: a person decides a drift review, as often as they think better of it while it stands. Refuses anybody but a quant or a risk officer (WrongRole), a review that
 * is not there (NotFound), what was decided so already (AlreadyDecided), and one whose drift is over (ReviewClosed).
 */
export async function decideDrift(command: DecideDrift, ports: DriftPorts): Promise<Changed<DriftDecided>> {
  const { caller, id, key, request } = command;
  const refusal = requireRole(caller, MAY_REVIEW_DRIFT, 'deciding a drift review');
  if (refusal) throw refusal;
  const { strategyId } = await requireDriftReview(id, ports);
  const decide = async (state: Strategy) => decided(state, await requireDriftReview(id, ports), command, ports.now());
  return change(strategyId, { key, body: { drift: id, ...request } }, decide, ports);
}

async function requireDriftReview(id: string, { records }: Pick<DriftPorts, 'records'>): Promise<DriftReview> {
  const review = await records.get('DRIFT', id);
  if (review) return review;
  throw new Refusal('NotFound', `there is no drift review ${id.slice(0, 100)}`, 'look at: tradepulse-cli drift ls');
}

const WORDS = { accept: 'accepted', return: 'returned' } as const;

function decided(
  state: Strategy,
  before: DriftReview,
  { caller, request }: DecideDrift,
  now: Date,
): Decision<DriftDecided> | Refusal {
  const status = WORDS[request.decision];
  const refusal = refuseDecision(before, status);
  if (refusal) return refusal;
  const by = { decidedBy: caller.subject, decidedAt: now.toISOString(), note: request.note };
  const review: DriftReview = { ...before, status, ...by, version: before.version + 1 };
  const { id, strategyId, runId, lines } = review;
  const reason = `${id} was returned by ${caller.subject}, the positions have to be corrected: ${request.note}`;
  const about = { strategyId, runId, occasion: `${id}/${review.version}`, reason, lines: linesText(lines) };
  return {
    state,
    entries: [
      {
        type: `drift.${status}`,
        actor: caller.subject,
        ...(runId && { run: runId }),
        payload: { review: id, note: request.note, lines: enteredLines(lines) },
      },
    ],
    records: [
      { kind: 'DRIFT', record: review },
      ...(status === 'returned' ? announce('drift-review', about, now) : []),
    ],
    reply: { review, summary: `${id} is ${status}` },
  };
}

function refuseDecision({ id, status, decidedBy }: DriftReview, wanted: DriftReview['status']): Refusal | undefined {
  if (status === 'over')
    return new Refusal(
      'ReviewClosed',
      `${id} is over: there is no drift to decide about`,
      'look at: tradepulse-cli drift ls',
    );
  if (status !== wanted) return undefined;
  return new Refusal('AlreadyDecided', `${id} was ${status} by ${decidedBy} already`, 'nothing is left to do');
}
