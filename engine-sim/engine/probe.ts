import { sha256 } from '../../domain/crypto/sha256.ts';
import { Problem } from '../program/problem.ts';
import { checkOrder, type WantedOrder } from './check-order.ts';
import type { Probe } from './commands.ts';
import { type Flow, flowOf } from './flow-settings.ts';
import type { Instance } from './instance.ts';
import { allowProbe, loseLeaseNow, probeOrderId } from './probe-rules.ts';

/** How far below the bid a probe order is put: it is there to be seen and cancelled, never to trade. */
const DISTANCE = 0.25;
const SMALLEST = 0.0001;

/** Obeys `probe` (docs/engine-contract.md): puts out one order that cannot fill, or loses the lease. Answers what it did. */
export async function probe(instance: Instance, command: Probe) {
  const { core, settings } = instance;
  if (command.kind === 'order') return placeProbe(instance, command);
  await core.apply((state, now) => loseLeaseNow(state, command, now));
  return { instanceId: settings.instanceId, placed: [], leaseLost: true };
}

async function placeProbe(instance: Instance, command: Probe) {
  const { core, entry, settings } = instance;
  const { instanceId, venue } = settings;
  await core.apply((state, now) => allowProbe(state, command, now));
  if (command.venues.length === 0) return { instanceId, placed: [], leaseLost: false };
  if (command.venues.some((each) => each !== venue.id))
    throw new Problem(409, 'UnknownVenue', `this instance trades at ${venue.id} alone`, 'probe it there', {
      venue: venue.id,
    });
  const { order, referencePrice } = probeOrder(instance);
  const id = probeOrderId(instanceId, sha256(command.commandId).toString('hex'));
  const orderId = await entry.probe(order, id);
  return { instanceId, placed: [{ venue: venue.id, orderId, ...order, referencePrice }], leaseLost: false };
}

/** The smallest order there is, far below the market, inside the deployed limits. */
function probeOrder({ core, market }: Instance): { order: WantedOrder; referencePrice: number } {
  const { loaded } = core.state();
  const flow = flowOf(loaded?.parameters, loaded?.limits);
  const quote = market.quote();
  if (!quote)
    throw new Problem(409, 'NoMarket', `there is no price of ${flow.instrument} now`, 'wait until its venue is open');
  const price = Number((quote.bid * (1 - DISTANCE)).toPrecision(8));
  const quantity = Math.max(SMALLEST, Number((1 / price).toFixed(4)));
  const order = { instrument: flow.instrument, side: 'buy' as const, quantity, price };
  requireInsideLimits(order, flow);
  return { order, referencePrice: quote.bid };
}

function requireInsideLimits(order: WantedOrder, { limits }: Flow): void {
  const why = checkOrder(order, { position: 0, resting: [] }, limits, 'ACTIVE');
  if (why !== undefined)
    throw new Problem(409, 'OutsideLimits', `not even the smallest order is allowed: ${why}`, 'look at the limits');
}
