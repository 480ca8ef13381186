import type { Approval } from '../approval/approval.ts';
import { verifyApproval } from '../approval/verify-approval.ts';
import { change, readRegistration, replyAgain } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { ActorId, StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import { transition } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { judgeLift } from './judge-lift.ts';
import { liftEvidence } from './lift-evidence.ts';
import { isCurrent, type LiftAnswer, liftAsked, openLift } from './lift-question.ts';
import type { Restriction } from './restriction.ts';
import type { RestrictionLiftRequest } from './restriction-lift-request.ts';
import { restrictionOf, unrestricted } from './restriction-of.ts';
import { rateWords } from './restriction-words.ts';

export type LiftCommand = {
  readonly strategyId: StrategyId;
  readonly actor: ActorId;
  readonly key: string;
  readonly request: RestrictionLiftRequest;
};
export type RestrictionLifted = LiftAnswer & { readonly receipt?: Receipt | undefined };

export type LiftPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter' | 'demoAuthenticators'>;

/**
 * Lifts what holds a strategy back: it trades at its approved rate again. That is riskier, so that an execution trader and a risk officer, two people,
 * sign exactly what is lifted: the first request asks them, the one after their signatures lifts, with the next lease of every engine. Refuses a
 * strategy that nothing holds back (StrategyNotRestricted), while a monitor still finds something (CauseStands), and before it has been quiet for the
 * agreed time (QuietPeriod). What has changed since it was asked is asked anew.
 */
export async function liftRestriction(command: LiftCommand, ports: LiftPorts): Promise<RestrictionLifted> {
  const { strategyId, key, request } = command;
  const body = { strategyId, ...request };
  const earlier = await ports.records.get('COMMAND', key);
  if (earlier) {
    const { reply, receipt } = replyAgain<LiftAnswer>(earlier, digestOf(body), key);
    return { ...reply, receipt };
  }
  const { environment } = await readRegistration(strategyId, ports);
  const decide = async (state: Strategy) => {
    const restriction = requireRestriction(state);
    const evidence = await liftEvidence(state, restriction, ports);
    const refusal = judgeLift(restriction, evidence, ports.now());
    if (refusal) return refusal;
    const question = restriction.question && (await ports.records.get('APPROVAL', restriction.question));
    const now = ports.now();
    if (!question || question.status === 'declined' || !isCurrent(question, state, restriction, now))
      return openLift(state, restriction, { ...command, reason: request.reason, environment, evidence, now });
    if (question.status === 'open') return { state, entries: [], reply: liftAsked(state, restriction, question.id) };
    const signed = verifyApproval(question, state, now, ports.demoAuthenticators);
    return signed instanceof Refusal ? signed : lifted(state, restriction, signed, command, now);
  };
  const { reply, receipt } = await change(strategyId, { key, body }, decide, ports);
  return { ...reply, receipt };
}

/** What holds it back. Throws why there is nothing to lift. */
function requireRestriction(state: Strategy): Restriction {
  const mode = transition(state.mode, 'lift');
  const restriction = restrictionOf(state);
  if (restriction && mode === 'ACTIVE') return restriction;
  if (mode instanceof Refusal && mode.code === 'StrategyKilled') throw mode;
  throw new Refusal(
    'StrategyNotRestricted',
    `nothing holds ${state.id} back that could be lifted: it is ${state.mode}`,
    'look at its status; what is SAFE is resumed',
    { mode: state.mode },
  );
}

/** Epoch, flag and arming stay as they are: what was taken was the rate, and it is given back by the lease. */
function lifted(
  state: Strategy,
  restriction: Restriction,
  { id: approval, digest, document }: Approval,
  { actor }: LiftCommand,
  now: Date,
): Decision<LiftAnswer> {
  const { mode, maxOrdersPerSec, approvedOrdersPerSec, causes } = restriction;
  const reason = String(document['reason']);
  const about = { strategyId: state.id, runId: state.run?.id, occasion: approval };
  const payload = {
    ...{ approval, digest, reason, causes: causes.map(({ id }) => id) },
    before: { mode, maxOrdersPerSec },
    after: { mode: 'ACTIVE', maxOrdersPerSec: approvedOrdersPerSec },
  };
  return {
    state: { ...unrestricted(state), mode: 'ACTIVE', maxOrdersPerSec: approvedOrdersPerSec },
    entries: [{ type: 'strategy.lifted', actor, ...(state.run && { run: state.run.id }), payload }],
    records: announce(
      'restriction-lifted',
      { ...about, reason, by: actor, approved: rateWords(approvedOrdersPerSec) },
      now,
    ),
    reply: {
      ...{ strategyId: state.id, status: 'lifted', approval, mode: 'ACTIVE', maxOrdersPerSec: approvedOrdersPerSec },
      summary: `${state.id} may send ${rateWords(approvedOrdersPerSec)} again, from each engine's next lease on`,
    },
  };
}
