import { configurationDigestOf } from './attestation.ts';
import type { Instance } from './instance.ts';
import { queueBacklog } from './instance-report.ts';

export const CAPABILITIES = [
  'arm',
  'halt',
  'mode',
  'throttle',
  'cancel-all',
  'deploy',
  'smoke',
  'settle',
  'reduce-only',
  'open-orders',
  'positions',
  'probe',
];

const ACK_LIMIT_MS = 400;
const GATEWAY_SILENT_MS = 2_000;

/** `risk/live/status`: what the instance runs, and whether a halt would reach it. */
export function riskStatus({ settings, core, entry, trips, risk }: Instance) {
  const { epoch, halt, loaded } = core.state();
  const { subscribed, lastProbeAt, heartbeatAt } = risk.status();
  const p95Ms = trips.p95(core.now().elapsed);
  return {
    strategyId: settings.strategyId,
    instanceId: settings.instanceId,
    mode: core.inForce().mode,
    halted: halt !== null,
    ...(halt && { haltedAt: halt.at, haltReason: halt.reason }),
    epoch,
    artifactDigest: loaded?.artifactDigest ?? null,
    limitsDigest: loaded?.limitsDigest ?? null,
    parametersDigest: loaded?.parametersDigest ?? null,
    ...(loaded && { limits: loaded.limits }),
    configurationDigest: configurationDigestOf(settings),
    killSwitch: { subscribed, lastProbeAt },
    acknowledgements: {
      healthy: isGatewayHeard({ core, entry }) && queueBacklog(entry, core) === 0 && (p95Ms ?? 0) <= ACK_LIMIT_MS,
      p95Ms,
    },
    queueBacklog: queueBacklog(entry, core),
    riskHeartbeatAt: heartbeatAt,
    capabilities: CAPABILITIES,
    venues: [{ venue: settings.venue.id, kind: settings.venue.kind }],
  };
}

const isGatewayHeard = ({ core, entry }: Pick<Instance, 'core' | 'entry'>): boolean => {
  const { executionGateway } = entry.seen();
  return executionGateway !== undefined && core.now().wall - Date.parse(executionGateway) <= GATEWAY_SILENT_MS;
};

/** The engine's own view of its orders; a proof that nothing rests is only the venue's. */
export const openOrders = ({ settings, entry }: Instance) =>
  entry.orders.all().map(({ orderId, clientOrderId, instrument, side, quantity, price, sentAt, timeInForce }) => ({
    orderId: orderId ?? clientOrderId,
    venue: settings.venue.id,
    instrument,
    side,
    quantity,
    price,
    submittedAt: sentAt,
    timeInForce: timeInForce ?? 'day',
  }));
