import type { OpenOrder } from '../engine/open-order.ts';
import { enginesOf } from '../engine-instances.ts';
import { leaseId } from '../lease/lease.ts';
import { Mic } from '../market/calendar.ts';
import { noCancelAhead } from '../market/no-cancel.ts';
import { nextClose } from '../market/opening-hours.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { DrainedEngine, DrainedVenue } from './drain.ts';

const DEADLINE_MS = 2_000;

type Venue = Registration['venues'][number];
type LookPorts = Pick<Ports, 'records' | 'engines' | 'venues' | 'now'>;

/** What rests, as every engine instance and every venue says it at one moment; `open` is null where one gave no usable answer. */
export type OrdersSeen = {
  readonly engines: readonly DrainedEngine[];
  readonly venues: readonly DrainedVenue[];
  /** Of the venues, which alone know. */
  readonly orders: readonly OpenOrder[];
};

/** Asks the engines first and the venues after them, so that an order which an engine has just sent away is at the venue by then. Throws for nothing that either answers. */
export async function lookAtOrders(registration: Registration, ports: LookPorts): Promise<OrdersSeen> {
  const engines = await Promise.all(enginesOf(registration).map((instance) => askEngine(instance, ports)));
  const venues = await Promise.all(registration.venues.map((venue) => askVenue(venue, registration, ports)));
  return { engines, venues: venues.map(({ seen }) => seen), orders: venues.flatMap(({ orders }) => orders) };
}

async function askEngine(
  instance: ReturnType<typeof enginesOf>[number],
  { engines, records }: LookPorts,
): Promise<DrainedEngine> {
  const { instanceId, strategyId } = instance;
  const orders = await unlessRefused(engines.openOrders(instance, { deadlineMs: DEADLINE_MS }));
  if (orders) return { instance: instanceId, open: orders.length };
  const lease = await records.get('LEASE', leaseId(strategyId, instanceId));
  return { instance: instanceId, open: null, ...(lease && { leaseUntil: lease.expiresAt }) };
}

async function askVenue(venue: Venue, { id }: Registration, ports: LookPorts) {
  const orders = await unlessRefused(ports.venues.openOrders(venue, id));
  const hours = await hoursOf(venue, ports);
  const seen: DrainedVenue = { venue: venue.id, open: orders?.length ?? null, ...hours };
  return { seen, orders: orders ?? [] };
}

/** When the venue closes, and when it takes no cancels, where its calendar is known. */
async function hoursOf({ id }: Venue, { records, now }: LookPorts): Promise<Partial<DrainedVenue>> {
  const mic = Mic.safeParse(id).data;
  const stored = mic && (await records.get('CALENDAR', mic));
  if (!stored) return {};
  const [closesAt, window] = [nextClose(stored.calendar, now()), noCancelAhead(stored.calendar, now())];
  return {
    ...(closesAt && { closesAt: closesAt.toISOString() }),
    ...(window && {
      noCancel: { name: window.name, from: window.from.toISOString(), to: window.to.toISOString() },
    }),
  };
}

/** Nothing where no usable answer came: silence proves nothing, and keeps nobody else from being asked. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
