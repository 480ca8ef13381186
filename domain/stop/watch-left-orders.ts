import { change, readRegistration } from '../change.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import type { Drain, LeftOrder } from './drain.ts';
import { ordersLeftFreeze } from './orders-left-freeze.ts';

const MOST_STRATEGIES = 1_000;
type WatchPorts = Pick<Ports, 'strategies' | 'records' | 'venues' | 'now' | 'jitter'>;
type Gone = { readonly run: Drain['run']; readonly left: readonly LeftOrder[]; readonly still: readonly LeftOrder[] };

/** Each minute: which of the orders that stops have left still rest, by the venues' word. When the last is gone its freeze ends, with an entry. Answers for how many strategies that was so. */
export async function watchLeftOrders(ports: WatchPorts): Promise<number> {
  const drains = await ports.records.list('DRAIN', { limit: MOST_STRATEGIES });
  const leaving = drains.filter(({ left }) => left !== undefined);
  const gone = await Promise.all(leaving.map((drain) => lookAgain(drain, ports)));
  return gone.filter(Boolean).length;
}

async function lookAgain({ id, run, left = [] }: Drain, ports: WatchPorts): Promise<boolean> {
  const { venues } = await readRegistration(id, ports);
  const answers = await Promise.all(
    venues.map(async (venue) => [venue.id, await restingAt(venue, id, ports)] as const),
  );
  const resting = new Map(answers);
  const still = left.filter(({ venue, orderId }) => resting.get(venue)?.has(orderId) ?? true);
  if (still.length === left.length) return false;
  const key = { key: `${run}/left/${still.length}`, body: { run, still: still.length } };
  await change(id, key, (state) => noted(state, { run, left, still }, ports), ports);
  return still.length === 0;
}

/** Nothing where the venue gives no usable answer: then nobody knows, and the orders count as resting. */
async function restingAt(venue: Venue, strategyId: string, { venues }: WatchPorts): Promise<Set<string> | undefined> {
  try {
    return new Set((await venues.openOrders(venue, strategyId)).map(({ orderId }) => orderId));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

async function noted(state: Strategy, { run, left, still }: Gone, { records, now }: WatchPorts) {
  const [drain, freeze] = await Promise.all([
    records.get('DRAIN', state.id),
    records.get('FREEZE', ordersLeftFreeze(state.id)),
  ]);
  if (drain?.run !== run) return { state, entries: [], reply: undefined }; // another stop has begun
  const { left: _before, ...rest } = drain;
  const gone = left.filter((order) => !still.includes(order));
  const lifted = { liftedAt: now().toISOString(), liftedBy: 'the venues: they are gone' };
  const actor = ActorId.parse('service:control-plane');
  return {
    state,
    entries: [{ type: 'drain.left-gone', actor, run, payload: { gone, left: still.length } }],
    records: [
      { kind: 'DRAIN' as const, record: still.length > 0 ? { ...rest, left: [...still] } : rest },
      ...(freeze && still.length === 0 ? [{ kind: 'FREEZE' as const, record: { ...freeze, ...lifted } }] : []),
    ],
    reply: undefined,
  };
}
