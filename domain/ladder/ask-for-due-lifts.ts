import { change, readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { isAutomatic, judgeLift } from './judge-lift.ts';
import { liftEvidence } from './lift-evidence.ts';
import { openLift } from './lift-question.ts';
import { liftTerms } from './lift-terms.ts';
import type { Restriction } from './restriction.ts';
import { restrictionOf } from './restriction-of.ts';
import { rateWords, restrictionWords } from './restriction-words.ts';

type AskPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

const ACTOR = ActorId.parse('service:control-plane');

/**
 * A restriction never lifts itself, since that would be riskier. When the time is over for which people have set it, and nothing else holds the
 * strategy back, an execution trader and a risk officer are asked, once, and told. Answers how many strategies were asked about.
 */
export async function askForDueLifts(strategies: readonly Strategy[], ports: AskPorts): Promise<number> {
  const asked = await Promise.all(strategies.map((state) => askIfDue(state, ports)));
  return asked.filter(Boolean).length;
}

async function askIfDue(seen: Strategy, ports: AskPorts): Promise<boolean> {
  const restriction = restrictionOf(seen);
  if (!restriction || !isDue(restriction, ports.now())) return false;
  const key = `${seen.id}/lift-due/${seen.epoch}/${digestOf(liftTerms(restriction))}`;
  const { reply, repeated } = await change(
    seen.id,
    { key, body: { id: seen.id } },
    (state) => decide(state, key, ports),
    ports,
  );
  return reply && !repeated;
}

/** Every person who holds it back has said until when, and that is over; nobody was asked yet. */
export const isDue = ({ causes, question }: Restriction, now: Date): boolean =>
  question === undefined &&
  causes.some(({ until }) => until !== undefined) &&
  causes.every((cause) => (cause.until === undefined ? isAutomatic(cause) : cause.until <= now.toISOString()));

async function decide(state: Strategy, key: string, ports: AskPorts): Promise<Decision<boolean>> {
  const now = ports.now();
  const notNow = { state, entries: [], reply: false };
  const restriction = restrictionOf(state);
  if (!restriction || !isDue(restriction, now)) return notNow;
  const evidence = await liftEvidence(state, restriction, ports);
  if (judgeLift(restriction, evidence, now)) return notNow;
  const { environment } = await readRegistration(state.id, ports);
  const reason = 'the time is over for which it was held back';
  const alongside = announce(
    'lift-due',
    {
      ...{ strategyId: state.id, runId: state.run?.id, occasion: digestOf(liftTerms(restriction)).slice(-12) },
      reason: restriction.causes.map((cause) => cause.reason).join('; '),
      ...{ restriction: restrictionWords(restriction), approved: rateWords(restriction.approvedOrdersPerSec) },
    },
    now,
  );
  const asking = { actor: ACTOR, key, reason, environment, evidence, alongside, now };
  return { ...openLift(state, restriction, asking), reply: true };
}
