import { readRegistration } from '../change.ts';
import type { OpenOrder } from '../engine/open-order.ts';
import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';

const MOST_NAMED = 20;

/** Refuses (OrdersResting) while orders rest at a venue that nobody has signed to stay there when the drain ended, and names them; throws VenueUnreachable for one that does not answer: silence proves nothing. */
export async function refuseResting(strategyId: StrategyId, ports: Pick<Ports, 'records' | 'venues'>): Promise<void> {
  const { venues } = await readRegistration(strategyId, ports);
  const [drain, ...orders] = await Promise.all([
    ports.records.get('DRAIN', strategyId),
    ...venues.map((venue) => ports.venues.openOrders(venue, strategyId)),
  ]);
  const signed = new Set((drain?.left ?? []).map(({ venue, orderId }) => `${venue}/${orderId}`));
  const resting = orders.flat().filter(({ venue, orderId }) => !signed.has(`${venue}/${orderId}`));
  if (resting.length === 0) return;
  throw new Refusal(
    'OrdersResting',
    `${resting.length} orders still rest: ${resting.slice(0, 5).map(named).join(', ')}`,
    'wait until they are gone, or kill the strategy',
    { orders: resting.length, resting: resting.slice(0, MOST_NAMED) },
  );
}

const named = ({ orderId, venue, side, quantity, instrument }: OpenOrder): string =>
  `${orderId} (${side} ${quantity} ${instrument} at ${venue})`;
