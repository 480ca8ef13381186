import { FlowLimits } from './flow-settings.ts';
import type { InstanceCore } from './instance-core.ts';
import type { MarketView } from './market-view.ts';
import type { OrderEntry } from './order-entry.ts';
import { profitAndLoss, type RiskService } from './risk-service.ts';
import type { RoundTrips } from './round-trips.ts';

export type ReportPorts = {
  readonly instanceId: string;
  /** Another one at each start of the program. */
  readonly processId: string;
  readonly core: InstanceCore;
  readonly market: MarketView;
  readonly entry: OrderEntry;
  readonly trips: RoundTrips;
  readonly risk: RiskService;
};

const LATE_ACK_MS = 1_000;

/** The body of a lease renewal: what the instance is, does and has. Its flow has no portfolio behind it, so what it holds is what it wants to hold. */
export function instanceReport({ instanceId, processId, core, market, entry, trips, risk }: ReportPorts) {
  return () => {
    const { epoch, halt, loaded, lapsedEpoch } = core.state();
    const { positions } = entry.orders.account();
    const heartbeats: Record<string, string> = { ...market.seen(), ...entry.seen(), ...riskHeartbeat(risk) };
    return {
      instanceId,
      processId,
      sentAt: new Date(core.now().wall).toISOString(),
      epoch,
      mode: core.inForce().mode,
      halted: halt !== null,
      halt: halt && { by: halt.by, at: halt.at },
      lapsedEpoch,
      artifactDigest: loaded?.artifactDigest ?? null,
      limitsDigest: loaded?.limitsDigest ?? null,
      parametersDigest: loaded?.parametersDigest ?? null,
      openOrders: entry.orders.all().length,
      queueBacklog: queueBacklog(entry, core),
      positions,
      targets: positions.map(({ instrument, quantity }) => ({ instrument, quantity })),
      pnl: { ...profitAndLoss(entry), currency: currencyOf(loaded?.limits) },
      roundTrip: trips.histogram(),
      heartbeats,
    };
  };
}
export type InstanceReport = ReturnType<ReturnType<typeof instanceReport>>;

/** Orders that have waited too long for an acknowledgement. */
export const queueBacklog = (entry: OrderEntry, core: InstanceCore): number =>
  entry.orders.waitingLonger(LATE_ACK_MS, core.now().elapsed);

export const currencyOf = (limits: unknown): string => FlowLimits.safeParse(limits ?? {}).data?.currency ?? 'USD';

const riskHeartbeat = (risk: RiskService): { riskService?: string } => {
  const { heartbeatAt } = risk.status();
  return heartbeatAt === null ? {} : { riskService: heartbeatAt };
};
