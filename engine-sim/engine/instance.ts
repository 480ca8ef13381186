import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from '../program/fault-panel.ts';
import type { Log } from '../program/log.ts';
import { accessToken } from './access-token.ts';
import type { DeviceKeyStore } from './device-key-store.ts';
import type { EngineConfig, InstanceSettings } from './engine-config.ts';
import { flowOf } from './flow-settings.ts';
import { type Clock, type InstanceCore, instanceCore } from './instance-core.ts';
import { instanceReport } from './instance-report.ts';
import { latchStore } from './latch-store.ts';
import { leaseClient } from './lease-client.ts';
import { type MarketView, marketView } from './market-view.ts';
import { misreported } from './misreported.ts';
import { type OrderEntry, orderEntry } from './order-entry.ts';
import { faultyReport, REPORT_FAULTS } from './report-faults.ts';
import { type RiskService, riskService } from './risk-service.ts';
import { type RoundTrips, roundTrips } from './round-trips.ts';
import { cancelWhatRests, trader } from './trader.ts';
import { type VenueAccount, type VenueClient, venueClient } from './venue-client.ts';
import { watchExpiry } from './watch-expiry.ts';

export const ENGINE_FAULTS = {
  freeze: 'the instance stops dead: no renewals, no orders, no cancels, and control requests hang',
  ...REPORT_FAULTS,
  'drop-acks': "the venue's acknowledgements are lost",
  'slow-acks': 'every acknowledgement takes 160 ms more',
  stale: 'it loads nothing new, and answers as if it had obeyed',
  'misreport-position': 'it reports one unit more than it holds, and a hundred less cash',
} as const;
export type EngineFaults = Faults<keyof typeof ENGINE_FAULTS>;

export type InstancePorts = {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  readonly faults: EngineFaults;
  readonly devices: DeviceKeyStore;
};

/** One running instance of a strategy: its state, its parts, and its loops. */
export type Instance = {
  readonly settings: InstanceSettings;
  readonly core: InstanceCore;
  readonly venue: VenueClient;
  readonly market: MarketView;
  readonly entry: OrderEntry;
  readonly trips: RoundTrips;
  readonly risk: RiskService;
  readonly thawed: () => Promise<void>;
  /** Whether a deployment goes past it, as it went past one server of eight at Knight Capital. */
  readonly staysStale: () => boolean;
  /** What it says of its account: what it holds, unless it misreports (a fault). */
  readonly reported: () => VenueAccount;
  stop(): void;
};

const LOOK_MS = 250;
const RECONCILE_MS = 400;
const RISK_MS = 1_000;
const SLOW_ACK_MS = 160;
const PROCESS_ID_LENGTH = 8;

export function startInstance(
  settings: InstanceSettings,
  config: EngineConfig,
  { clock, newId, log, faults, devices }: InstancePorts,
): Instance {
  const { instanceId, strategyId } = settings;
  const store = latchStore(config.data, instanceId);
  const core = instanceCore(instanceId, store, clock, log);
  const thawed = () => faults.whenCleared('freeze', instanceId);
  const venue = venueClient(settings.venue, strategyId);
  const market = marketView(core, venue, thawed);
  const trips = roundTrips();
  const entry = orderEntry({
    ...{ instanceId, core, venue, trips, newId, thawed },
    acksLost: () => faults.active('drop-acks', instanceId),
    ackDelayed: () => (faults.active('slow-acks', instanceId) ? delay(SLOW_ACK_MS) : undefined),
  });
  const risk = riskService(core, entry, store, log);
  const healthy = instanceReport({
    ...{ instanceId, core, market, entry, trips, risk },
    processId: newId().slice(0, PROCESS_ID_LENGTH),
  });
  const traded = () => flowOf(core.state().loaded?.parameters, core.state().loaded?.limits).instrument;
  const report = faultyReport(healthy, traded, (fault) => faults.active(fault, instanceId));
  const frozen = () => faults.active('freeze', instanceId);
  const expiry = watchExpiry(core, frozen);
  const renew = leaseClient({
    core,
    strategyId,
    controlPlane: config.controlPlane,
    token: accessToken({ ...settings, tokenUrl: config.tokenUrl }, clock.elapsed),
    report,
    learnDevices: devices.learn,
    answered({ roundTrip }) {
      trips.forget(roundTrip.counts);
      expiry.renewed();
    },
    thawed,
    log,
  });
  const look = trader(core, market, entry);
  core.onMode((mode) => void (mode === 'SAFE' && cancelAtOnce(core, entry))); // at once; the looks repeat it

  const timers = [
    every(config.renewEveryMs, frozen, renew, { overlapping: true }),
    every(LOOK_MS, frozen, () => market.refresh()),
    every(LOOK_MS, frozen, look),
    every(RECONCILE_MS, frozen, () => entry.reconcile()),
    every(RISK_MS, frozen, () => risk.check(flowOf(core.state().loaded?.parameters, core.state().loaded?.limits))),
  ];
  const stop = () => {
    timers.forEach(clearInterval);
    expiry.stop();
  };
  const staysStale = () => faults.active('stale', instanceId);
  const reported = accountTold(entry, core, () => faults.active('misreport-position', instanceId));
  return { settings, core, venue, market, entry, trips, risk, thawed, staysStale, reported, stop };
}

/** Everything at the venue in one request; order by order where some were left. */
function cancelAtOnce(core: InstanceCore, entry: OrderEntry): void {
  if (core.state().left.length > 0) cancelWhatRests(core, entry);
  else entry.cancelAll().catch(() => undefined);
}

/** Runs a task now and at every interval, not while frozen, and not while the last one still runs unless they may overlap. A failure is seen in the heartbeats that then stand still. */
function every(
  ms: number,
  frozen: () => boolean,
  task: () => Promise<void> | void,
  { overlapping = false } = {},
): NodeJS.Timeout {
  let running = 0;
  const run = async () => {
    if (frozen() || (running > 0 && !overlapping)) return;
    running += 1;
    try {
      await task();
    } catch {
      // the next run tries again
    } finally {
      running -= 1;
    }
  };
  void run();
  return setInterval(() => void run(), ms);
}

/** What an instance says of its account: what it holds, unless it misreports. */
const accountTold = (entry: OrderEntry, core: InstanceCore, misreports: () => boolean) => (): VenueAccount => {
  const account = entry.orders.account();
  const { parameters, limits } = core.state().loaded ?? {};
  return misreports() ? misreported(account, flowOf(parameters, limits).instrument) : account;
};
