import type { Run } from '../control-record.ts';
import { ActorId } from '../ids.ts';
import type { PostMortem } from '../post-mortem/post-mortem.ts';
import type { Registration } from '../registration.ts';
import { isOverdue, type Review } from '../review/review.ts';
import { spentOf } from './error-budget.ts';
import { type Freeze, type FreezeSource, strategyScope } from './freeze.ts';
import { overdueActions } from './overdue-actions.ts';
import { windowAt, windowText } from './release-window.ts';

/** What freezes are computed from. `drills` are the kills that were rehearsals. */
export type FreezeFacts = {
  readonly runs: readonly Run[];
  readonly drills: ReadonlySet<string>;
  readonly postMortems: readonly PostMortem[];
  readonly reviews: readonly Review[];
  readonly now: Date;
};

const BY = ActorId.parse('service:policy');

/**
 * The freezes of one strategy that nobody has set: outside its release window, while its error budget is overdrawn, and while
 * corrective actions of its post-mortems, or reviews of its runs, are overdue (product decision 11; runbook 7). They end by themselves when their cause does.
 */
export const computedFreezes = (registration: Registration, facts: FreezeFacts): Freeze[] => [
  ...ofReleaseWindow(registration, facts),
  ...ofErrorBudget(registration, facts),
  ...ofOverdueActions(registration, facts),
  ...ofOverdueReviews(registration, facts),
];

function ofReleaseWindow({ id, policy }: Registration, { now }: FreezeFacts): Freeze[] {
  if (!policy.releaseWindow) return [];
  const { open, local } = windowAt(policy.releaseWindow, now);
  if (open) return [];
  const reason = `it is ${local}; launches are for ${windowText(policy.releaseWindow)}`;
  return [freezeOf('release-window', id, { reason, since: now.toISOString() })];
}

function ofErrorBudget({ id, policy }: Registration, facts: FreezeFacts): Freeze[] {
  if (!policy.errorBudget) return [];
  const { failures, overdrawn } = spentOf(policy.errorBudget, id, facts);
  if (!overdrawn) return [];
  const { failures: allowed, days } = policy.errorBudget;
  const reason = `${failures} kills and failed launches in ${days} days, ${allowed} are the budget`;
  return [freezeOf('error-budget', id, { reason, ...overdrawn })];
}

function ofOverdueActions({ id }: Registration, { postMortems, now }: FreezeFacts): Freeze[] {
  const overdue = overdueActions(postMortems, id, now);
  const [first] = overdue;
  if (!first) return [];
  const more = overdue.length > 1 ? `, and ${overdue.length - 1} more` : '';
  const reason = `action ${first.number} of ${first.run} was due on ${first.due}: ${first.text}${more}`;
  return [
    { ...freezeOf('post-mortem-actions', id, { reason, since: `${first.due}T23:59:59.999Z` }), runId: first.run },
  ];
}

/** One for the strategy, by the review that has been due for longest: it ends when the last of them is closed. */
function ofOverdueReviews({ id }: Registration, { reviews, now }: FreezeFacts): Freeze[] {
  const overdue = reviews
    .filter((review) => review.strategyId === id && isOverdue(review, now))
    .toSorted((left, right) => left.dueAt.localeCompare(right.dueAt));
  const [first] = overdue;
  if (!first) return [];
  const more = overdue.length > 1 ? `, and ${overdue.length - 1} more` : '';
  const reason = `the review of ${first.id} was due at ${first.dueAt} and is still open${more}`;
  return [{ ...freezeOf('review', id, { reason, since: first.dueAt }), runId: first.id }];
}

const freezeOf = (
  source: FreezeSource,
  id: Registration['id'],
  told: { readonly reason: string; readonly since: string; readonly until?: string },
): Freeze => ({ id: `${source}-${id}`, scope: strategyScope(id), source, by: BY, ...told });
