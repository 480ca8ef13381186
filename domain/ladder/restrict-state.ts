import type { Approval } from '../approval/approval.ts';
import { voidApproval } from '../approval/void-approval.ts';
import type { Decision } from '../decision.ts';
import { type Mode, transition } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { liftChanged } from './lift-terms.ts';
import type { Restriction, RestrictionCause } from './restriction.ts';
import { restrictionOf } from './restriction-of.ts';
import { restrictionTold } from './restriction-told.ts';
import { rateWords, restrictionWords } from './restriction-words.ts';

/** How far down the ladder, why, and at which rate. */
export type RestrictState = {
  readonly to: Restriction['mode'];
  /** Orders per second; without, `share` of the approved rate where it is throttled, and the present one where it only reduces. */
  readonly ordersPerSec?: number | undefined;
  readonly share: number;
  readonly cause: RestrictionCause;
  /** The question whether what holds it back now may be lifted, where one was asked. */
  readonly question?: Approval | undefined;
  readonly now: Date;
};

export type Restricted = {
  readonly mode: Mode;
  readonly epoch: number;
  readonly maxOrdersPerSec: number;
  /** What a lift would restore; null where nothing is held back. */
  readonly approvedOrdersPerSec: number | null;
  readonly changed: boolean;
  readonly summary: string;
};

const MOST_CAUSES = 50;

/**
 * Architecture section 3: what trades becomes THROTTLED or REDUCE_ONLY, by one person or by a monitor, whatever lock or freeze there is. It can only
 * make things safer: a rate is lowered and never raised, what only reduces is not throttled instead, and what trades nothing is left alone, and said
 * to be. Another cause is noted beside those that stand. A question whether it may be lifted is void then, since it was asked about less.
 */
export function restrictState(state: Strategy, command: RestrictState): Decision<Restricted> {
  const before = restrictionOf(state);
  const mode = transition(state.mode, command.to === 'THROTTLED' ? 'throttle' : 'reduce');
  if (mode instanceof Refusal) return asItIs(state, command, nothingTrades(state));
  const rate = Math.min(state.maxOrdersPerSec, rateOf(state, command));
  const changed = mode !== state.mode || rate < state.maxOrdersPerSec;
  if (!before && rate === state.maxOrdersPerSec && mode === 'THROTTLED')
    return asItIs(state, command, `${state.id} may send no more than ${rateWords(rate)} already: nothing is lowered`);
  if (before && !changed && isNoted(before, command.cause))
    return asItIs(state, command, `${state.id} is ${restrictionWords(before)} already`);
  return restricted(state, command, {
    mode: mode === 'REDUCE_ONLY' ? mode : 'THROTTLED',
    approvedOrdersPerSec: before?.approvedOrdersPerSec ?? state.maxOrdersPerSec,
    maxOrdersPerSec: rate,
    causes: withCause(before, command.cause),
    ...(changed ? {} : inForceOf(before)),
  });
}

/** Nothing more is asked of the engines than they obey already. */
const inForceOf = (before: Restriction | undefined): Pick<Restriction, 'inForceAt'> =>
  before?.inForceAt === undefined ? {} : { inForceAt: before.inForceAt };

const rateOf = (state: Strategy, { to, ordersPerSec, share }: RestrictState): number => {
  if (ordersPerSec !== undefined) return ordersPerSec;
  if (to === 'REDUCE_ONLY') return state.maxOrdersPerSec;
  return (restrictionOf(state)?.approvedOrdersPerSec ?? state.maxOrdersPerSec) * share;
};

const isNoted = ({ causes }: Restriction, { id }: RestrictionCause): boolean => causes.some((each) => each.id === id);

/** Each once; where there are too many, the newest takes the place of the one before it. */
const withCause = (before: Restriction | undefined, cause: RestrictionCause): RestrictionCause[] => [
  ...(before?.causes ?? []).filter(({ id }) => id !== cause.id).slice(0, MOST_CAUSES - 1),
  cause,
];

function restricted(state: Strategy, command: RestrictState, next: Restriction): Decision<Restricted> {
  const { cause, question, now } = command;
  const { mode, maxOrdersPerSec, approvedOrdersPerSec } = next;
  const changed = mode !== state.mode || maxOrdersPerSec !== state.maxOrdersPerSec;
  const { id, reason, until } = cause;
  const payload = {
    cause: { id, reason, ...(until !== undefined && { until }) },
    before: { mode: state.mode, maxOrdersPerSec: state.maxOrdersPerSec },
    after: { mode, maxOrdersPerSec },
    approvedOrdersPerSec,
  };
  const type = mode === 'THROTTLED' ? 'strategy.throttled' : 'strategy.reduced';
  const over = question && voidApproval(state, question, liftChanged(question, next), now);
  return {
    state: { ...state, mode, maxOrdersPerSec, restriction: next },
    entries: [...(over?.entries ?? []), { type, actor: cause.by, ...(state.run && { run: state.run.id }), payload }],
    records: [...(over?.records ?? []), ...(changed ? restrictionTold(state, next, cause, now) : [])],
    reply: {
      ...{ mode, epoch: state.epoch, maxOrdersPerSec, approvedOrdersPerSec, changed },
      summary: changed
        ? `${state.id} is ${restrictionWords(next)}; approved are ${rateWords(approvedOrdersPerSec)}, which two people restore`
        : `${state.id} is ${restrictionWords(next)} already; this is one more reason to leave it so`,
    },
  };
}

/** Of a person it is recorded all the same that they have asked; a monitor asks each second. */
function asItIs(state: Strategy, { to, cause }: RestrictState, summary: string): Decision<Restricted> {
  const { mode, epoch, maxOrdersPerSec } = state;
  const approvedOrdersPerSec = restrictionOf(state)?.approvedOrdersPerSec ?? null;
  const payload = { to, cause: { id: cause.id, reason: cause.reason }, mode, effect: summary };
  const isAutomatic = cause.by.startsWith('service:');
  return {
    state,
    entries: isAutomatic ? [] : [{ type: 'restriction.requested', actor: cause.by, payload }],
    reply: { mode, epoch, maxOrdersPerSec, approvedOrdersPerSec, changed: false, summary },
  };
}

function nothingTrades({ id, mode }: Strategy): string {
  if (mode === 'LAUNCHING')
    return `${id} is being launched and trades nothing yet: stop it, or throttle it when it is live`;
  return mode === 'STOPPING'
    ? `${id} is being stopped: no new order leaves any more`
    : `${id} is ${mode}: it trades nothing that could be held back`;
}
