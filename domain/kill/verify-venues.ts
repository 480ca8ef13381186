import { change, readRegistration } from '../change.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';

/**
 * Proves at every venue, with our own credentials, that nothing rests; what does is cancelled there again. Refuses with
 * OrdersResting until then, and the machine looks again, backing off. Positions are recorded, never closed.
 */
export async function verifyVenues(command: RunStep, ports: Ports): Promise<StepResult> {
  const { venues } = await readRegistration(command.strategyId, ports);
  const looked = await Promise.all(venues.map((venue) => lookAndCancel(venue, command, ports)));
  const resting = looked.filter(({ orders }) => orders > 0);
  if (resting.length > 0) {
    throw new Refusal(
      'OrdersResting',
      `orders still rest at ${resting.map(({ venue, orders }) => `${venue} (${orders})`).join(', ')}`,
      'they are being cancelled again',
      { resting },
    );
  }
  const positions = await Promise.all(
    venues.map(async (venue) => ({
      venue: venue.id,
      positions: await ports.venues.positions(venue, command.strategyId),
    })),
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
          payload: { venues: looked, positions },
        },
      ],
      reply: { summary: `nothing rests at ${venues.map(({ id }) => id).join(', ')}`, verdict: 'go' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}

async function lookAndCancel(
  venue: { id: string; url: string },
  { strategyId }: RunStep,
  { venues }: Pick<Ports, 'venues'>,
) {
  const orders = await venues.openOrders(venue, strategyId);
  const cancel = orders.length > 0 ? await venues.cancelAll(venue, strategyId) : undefined;
  return { venue: venue.id, orders: orders.length, ...(cancel && { cancel }) };
}
