import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';

/** Looks this often at most, with a random pause that grows: about five seconds. */
const LOOKS = 30;

type Place = { readonly venue: Venue; readonly strategyId: StrategyId };
type LookPorts = Pick<Ports, 'venues' | 'jitter'>;

/** Waits until the venue itself lists the order. Throws a KillPathNotProved refusal when it does not come to rest. */
export async function untilResting(orderId: string, place: Place, ports: LookPorts): Promise<void> {
  const rests = await lookedUntil(place, (ids) => ids.includes(orderId), ports);
  if (!rests) throw notProved(`the venue never listed order ${orderId}`);
}

/** Waits until the venue itself lists nothing of the strategy. Throws a KillPathNotProved refusal when something goes on resting. */
export async function untilEmpty(place: Place, ports: LookPorts): Promise<void> {
  const empty = await lookedUntil(place, (ids) => ids.length === 0, ports);
  if (!empty) throw notProved('orders go on resting there');
}

export const notProved = (why: string): Refusal =>
  new Refusal('KillPathNotProved', why, 'look at the engine and at the venue');

async function lookedUntil(
  { venue, strategyId }: Place,
  isSo: (orderIds: readonly string[]) => boolean,
  { venues, jitter }: LookPorts,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look += 1) {
    const orders = await venues.openOrders(venue, strategyId);
    if (isSo(orders.map(({ orderId }) => orderId))) return true;
    await jitter(look);
  }
  return false;
}
