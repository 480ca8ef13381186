import * as z from 'zod';
import type { Role } from '../approval/approval.ts';
import { type Caller, requireRole } from '../approval/caller.ts';
import { type Changed, change } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { noteText } from './note-text.ts';
import type { Review } from './review.ts';

/** Why nothing has to be done any more, in the words of whoever closes it. */
export const CloseRequest = z.strictObject({ note: noteText(2_000) });
export type CloseRequest = z.infer<typeof CloseRequest>;

export type CloseReview = {
  readonly caller: Caller;
  readonly id: string;
  readonly key: string;
  readonly request: CloseRequest;
};
export type ReviewClosed = {
  readonly run: string;
  readonly status: 'closed';
  readonly closedBy: string;
  readonly summary: string;
};

export type ReviewPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/** Who looks at what a review has found. */
export const MAY_CLOSE: readonly Role[] = ['risk-officer', 'sre'];

/**
 * A person has looked at every finding and closes the review (runbook 7): a risk officer or an SRE who asked neither for the run nor for what ended it. Refuses
 * anybody else (WrongRole, SamePerson), a run without a review (UnknownRun), and one that is closed already (ReviewClosed).
 */
export async function closeReview(
  { caller, id, key, request }: CloseReview,
  ports: ReviewPorts,
): Promise<Changed<ReviewClosed>> {
  const { strategyId } = await requireReview(id, ports);
  const decide = async (state: Strategy) =>
    close(state, await requireReview(id, ports), { caller, request }, ports.now());
  return change(strategyId, { key, body: { review: id, ...request } }, decide, ports);
}

/** The review of a run. Throws UnknownRun. */
export async function requireReview(
  id: string,
  { records }: { readonly records: Pick<Ports['records'], 'get'> },
): Promise<Review> {
  const review = await records.get('REVIEW', id);
  if (review) return review;
  throw new Refusal('UnknownRun', `there is no review of ${id.slice(0, 100)}`, 'look at: tradepulse-cli review ls');
}

/** The rule. */
function close(
  state: Strategy,
  review: Review,
  { caller, request }: Pick<CloseReview, 'caller' | 'request'>,
  now: Date,
): Decision<ReviewClosed> | Refusal {
  const refusal =
    requireRole(caller, MAY_CLOSE, 'closing a review') ?? refuseInitiator(review, caller) ?? refuseClosed(review);
  if (refusal) return refusal;
  const closed = {
    status: 'closed' as const,
    closedAt: now.toISOString(),
    closedBy: caller.subject,
    note: request.note,
  };
  return {
    state,
    entries: [
      {
        type: 'review.closed',
        actor: caller.subject,
        run: review.run,
        payload: { reviews: review.id, findings: review.findingCount ?? null, note: request.note },
      },
    ],
    records: [{ kind: 'REVIEW', record: { ...review, ...closed } }],
    reply: {
      ...{ run: review.id, status: 'closed', closedBy: caller.subject },
      summary: `the review of ${review.id} is closed`,
    },
  };
}

function refuseInitiator({ id, initiators }: Review, { subject }: Caller): Refusal | undefined {
  if (!initiators.includes(subject)) return undefined;
  return new Refusal(
    'SamePerson',
    `you have asked for ${id}, or for what ended it: somebody else closes its review`,
    'ask another risk officer or SRE',
  );
}

function refuseClosed({ id, status, closedAt, closedBy }: Review): Refusal | undefined {
  if (status === 'open') return undefined;
  return new Refusal(
    'ReviewClosed',
    `the review of ${id} was closed at ${closedAt} by ${closedBy}`,
    'add what is left to say as an annotation',
  );
}
