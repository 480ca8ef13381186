import type { Run } from '../../../domain/control-record.ts';
import { ActorId } from '../../../domain/ids.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { addRoundTrips } from '../../../domain/monitor/latency-window.ts';
import { openVenueIncident } from '../../../domain/venue-incident/open-venue-incident.ts';
import { anInstance } from '../../fakes/a-sample.ts';
import { REGISTRATION, RUN, START, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

export const VENUE = 'XSIM';
export const ID = `${STRATEGY}-${VENUE}`;
export const WATCHDOG = ActorId.parse('service:watchdog');
export const FOLDER = `reports/live/2026-11-24/${STRATEGY}/${RUN}/`;

/** A strategy that trades at 4 orders a second, at epoch 3, in the hands of its launch. */
export const trading = (): World => trades(world());

/** The same in a world that is there already. */
export function trades<Of extends World>(made: Of): Of {
  const run: Run = {
    ...{ id: RUN, machine: 'launch', strategyId: STRATEGY, epoch: 3, status: 'SUCCEEDED' },
    ...{ requestedBy: trader.subject, startedAt: START.toISOString(), request: {}, summary: '' },
  };
  made.store.records.set(`RUN#${RUN}`, { kind: 'RUN', record: run });
  const state = { ...stateOf(made), mode: 'ACTIVE' as const, epoch: 3, maxOrdersPerSec: 4, run: { id: RUN } };
  made.store.strategies.set(STRATEGY, state);
  return made;
}

export const open = (made: World, more: Partial<Parameters<typeof openVenueIncident>[0]> = {}) =>
  openVenueIncident(
    {
      ...{ strategyId: STRATEGY, venue: VENUE, reason: 'acknowledgements stay away', actor: WATCHDOG },
      ...{ commandId: 'watchdog/one', ...more },
    },
    made.ports,
  );

export async function incidentIn({ store }: World) {
  const found = await store.get('VENUEINCIDENT', ID);
  if (!found) throw new Error('there is no incident');
  return found;
}

const tripsOf = (roundTripMs: number) => (at: Date) =>
  addRoundTrips(undefined, { boundsMs: [roundTripMs], counts: [30, 0] }, at);

/** Every instance renews now: its round trips took so long, or are those that are made. */
export async function renew(made: World, roundTripMs = 20, trips = tripsOf(roundTripMs)): Promise<void> {
  const at = made.clock.now;
  for (const { instanceId } of REGISTRATION.engines) {
    const { lease } = anInstance({ instanceId, at, telemetry: { roundTrips: trips(at) } });
    if (lease) await made.store.put({ kind: 'LEASE', record: { ...lease, epoch: stateOf(made).epoch } });
  }
}

export const entriesOf = ({ store }: World, prefix = ''): LedgerEntry[] =>
  (store.logs.get(STRATEGY) ?? [])
    .map(({ text }) => LedgerEntry.parse(JSON.parse(text)))
    .filter(({ type }) => type.startsWith(prefix));

export const typesOf = (made: World, prefix: string): string[] => entriesOf(made, prefix).map(({ type }) => type);
