import { DynamoRecords } from '../adapters/aws/dynamo-records.ts';
import { recordItem } from '../adapters/aws/record-item.ts';
import { Heartbeats } from '../domain/engine/lease-request.ts';
import { StrategyId } from '../domain/ids.ts';
import type { StrategyLimits } from '../domain/launch/risk-limits.ts';
import { distilRenewal } from '../domain/lease/distil-renewal.ts';
import { type Lease, leaseId } from '../domain/lease/lease.ts';
import { digestOf, digestOfBytes } from '../domain/ledger/digest.ts';
import { newStrategy } from '../domain/strategy.ts';
import { bulkWriter } from '../test/runbook/bulk-writer.ts';

const LIKE = 'btc-momentum';
const EPOCH = 1;
const DIGESTS = {
  artifactDigest: digestOfBytes('a strategy, as bytes'),
  limitsDigest: digestOf({ limits: 'approved' }),
  parametersDigest: digestOf({ parameters: 'approved' }),
};
const OTHER_LIMITS = digestOf({ limits: 'of somebody else' });
const BOUNDS_MS = [5, 10, 20, 40, 60, 80, 100, 110, 120, 200, 500, 1_000];

/** What every one of them may do, in the file of limits. */
export const LIMITS: StrategyLimits = {
  currency: 'USD',
  instruments: {
    'BTC-USD': { maxNotional: 1_000_000, maxPosition: 20 },
    'ETH-USD': { maxNotional: 1_000_000, maxPosition: 400 },
  },
  ...{ leverageCap: 3, maxOrdersPerSec: 10 },
  killThresholds: { loss: 50_000, drawdownBps: 500, notional: 3_000_000, leverage: 5 },
};

export const instanceOf = (id: StrategyId): string => `${id}-1`;

const position = (instrument: string, quantity: number, markPrice: number) => ({
  ...{ instrument, quantity, markPrice, averagePrice: markPrice },
});
const POSITIONS = [position('BTC-USD', 0.35, 60_098.25), position('ETH-USD', -3.2, 3_098.25)];

/** What a healthy engine with two positions and a few orders a second tells then; `breached`: it says that it runs other limits. */
export function renewalOf(id: StrategyId, now: Date, breached: boolean) {
  const ago = (ms: number) => new Date(now.getTime() - ms * Math.random()).toISOString();
  const counts = BOUNDS_MS.map((bound) => (bound <= 60 ? Math.floor(Math.random() * 3) : 0));
  return {
    ...{ instanceId: instanceOf(id), processId: '6f1c2a9e', sentAt: now.toISOString(), epoch: EPOCH },
    ...{ mode: 'ACTIVE', halted: false, halt: null, lapsedEpoch: null },
    ...DIGESTS,
    ...(breached && { limitsDigest: OTHER_LIMITS }),
    ...{ openOrders: 4, queueBacklog: 0, positions: POSITIONS },
    targets: POSITIONS.map(({ instrument, quantity }) => ({ instrument, quantity })),
    pnl: { realised: 41.2, unrealised: 7.79, currency: 'USD' },
    roundTrip: { boundsMs: BOUNDS_MS, counts: [...counts, 0] },
    heartbeats: Object.fromEntries(Heartbeats.keyof().options.map((name) => [name, ago(400)])),
  };
}

/** The lease that the control plane grants for it, after the one before. */
export function leaseOf(id: StrategyId, before: Lease | undefined, now: Date, breached: boolean): Lease {
  const ttlMs = 5_000;
  const kept = distilRenewal({
    report: renewalOf(id, now, breached),
    lease: before,
    live: true,
    ttlMs,
    receivedAt: now,
  });
  return {
    ...{ id: leaseId(id, instanceOf(id)), strategyId: id, instanceId: instanceOf(id), epoch: EPOCH },
    ...{ grantedMode: 'ACTIVE', grantedAt: now.toISOString() },
    expiresAt: new Date(now.getTime() + ttlMs).toISOString(),
    ...kept,
  };
}

/**
 * So many strategies like the first demo strategy on a running host, ACTIVE, with the first demo engine's credentials, written past the
 * control plane. `lease` writes a lease of each of the given ones, 25 in a call.
 */
export async function monitoredStrategies(data: string, count: number) {
  const { dynamo, table, put, end } = await bulkWriter(data);
  const records = new DynamoRecords(dynamo, { control: table, ledger: '' }, () => new Date());
  const like = await records.get('REGISTRATION', LIKE);
  if (!like) throw new Error(`the host knows no ${LIKE}`);
  const ids = Array.from({ length: count }, (_, index) => StrategyId.parse(`watched-${index + 1}`));
  const state = (id: StrategyId) => ({
    ...{ ...newStrategy(id), ...DIGESTS, mode: 'ACTIVE', epoch: EPOCH, maxOrdersPerSec: 10, version: 1 },
    ...{ pk: `STRATEGY#${id}`, kind: 'STRATEGY', sort: id },
  });
  const registration = (id: StrategyId) => {
    const [engine] = like.engines;
    if (!engine) throw new Error(`${LIKE} has no engine`);
    const record = { ...like, id, engines: [{ ...engine, instanceId: instanceOf(id) }] };
    return recordItem({ kind: 'REGISTRATION', record }, new Date());
  };
  const held = new Map<StrategyId, Lease>();
  const lease = async (some: readonly StrategyId[], isBreached: (id: StrategyId) => boolean) => {
    const leases = some.map((id) => leaseOf(id, held.get(id), new Date(), isBreached(id)));
    for (const each of leases) held.set(each.strategyId, each);
    await put(leases.map((record) => recordItem({ kind: 'LEASE', record }, new Date())));
  };
  await put(ids.map(registration));
  await lease(ids, () => false);
  await put(ids.map(state));
  return { ids, flag: like.flag, lease, end };
}
