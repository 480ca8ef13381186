import { change, readRegistration } from '../change.ts';
import { ActorId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { answerOf, type Look, lookAndCancel, notEmpty, whyNotEmpty } from './look-and-cancel.ts';
import { positionsAt } from './positions-at.ts';

/**
 * Proves at every venue, with our own credentials, that nothing rests; what does is cancelled there again. Refuses with
 * OrdersResting or VenueUnreachable until then, having recorded what each venue answered, and the machine looks again, backing
 * off. Positions are recorded, never closed.
 */
export async function verifyVenues(command: RunStep, ports: Ports): Promise<StepResult> {
  const { venues } = await readRegistration(command.strategyId, ports);
  const looks = await Promise.all(venues.map((venue) => lookAndCancel(venue, command.strategyId, ports)));
  const open = notEmpty(looks);
  if (open.length > 0) {
    await recordAnswers(open, command, ports);
    throw whyNotEmpty(open);
  }
  const positions = await Promise.all(
    venues.map(async (venue) => ({ venue: venue.id, ...(await positionsAt(venue, command.strategyId, ports)) })),
  );
  const changed = await change(
    command.strategyId,
    stepKey(command, 'VerifyVenues'),
    (state) => ({
      state,
      entries: [
        {
          type: 'kill.venues-empty',
          actor: ActorId.parse('service:kill'),
          run: command.runId,
          payload: { venues: looks.map(({ venue }) => ({ venue, orders: 0 })), positions },
        },
      ],
      reply: { summary: `nothing rests at ${venues.map(({ id }) => id).join(', ')}`, verdict: 'go' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}

/** Each answer that differs from those before is an entry of its own; the same one again is the same command, and adds nothing. */
async function recordAnswers(looks: readonly Look[], { strategyId, runId }: RunStep, ports: Ports): Promise<void> {
  const looking = { type: 'kill.venue-answered', actor: ActorId.parse('service:kill'), run: runId };
  const answers = looks.map((look) => answerOf(look, looking));
  await change(
    strategyId,
    { key: `${runId}/VerifyVenues/${digestOf(answers)}`, body: { runId } },
    (state) => ({ state, entries: answers, reply: null }),
    ports,
  );
}
