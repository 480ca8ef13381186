import { setTimeout as delay } from 'node:timers/promises';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { recordItem } from '../../adapters/aws/record-item.ts';
import { haltingEngines } from '../../bench/halting-engines.ts';
import { instanceOf, leaseOf } from '../../bench/monitored-strategies.ts';
import { StrategyId } from '../../domain/ids.ts';
import type { Lease } from '../../domain/lease/lease.ts';
import { Registration } from '../../domain/registration.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { bulkWriter } from './bulk-writer.ts';

const RENEW_MS = 1_000;
/** A registration is known to the watchdog within a minute. */
const KNOWN_MS = 65_000;
/** Over so long they fall silent: a hundred troubles, not one trouble of a hundred strategies. */
const SPREAD_MS = 30_000;

/**
 * So many strategies that trade on a running host, written past the control plane, with one engine process that halts as it is told. Once the watchdog knows them, the gateway of each falls
 * silent at a moment of its own, and goes on reporting. Answers for each how many milliseconds after its last beat its engine was told to halt.
 */
export async function silentStrategies(data: string, count: number): Promise<number[]> {
  const { dynamo, table, put, end } = await bulkWriter(data);
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: { pk: 'REGISTRATION#btc-momentum' } }));
  const like = Registration.parse(Item?.['record']);
  const haltedAt = new Map<string, number>();
  const engines = await haltingEngines((instanceId) => {
    if (!haltedAt.has(instanceId)) haltedAt.set(instanceId, Date.now());
  });
  const ids = Array.from({ length: count }, (_, index) => StrategyId.parse(`silent-${index + 1}`));
  const silentAt = new Map(ids.map((id, index) => [id, Date.now() + KNOWN_MS + (index * SPREAD_MS) / count]));
  const held = new Map<StrategyId, Lease>();
  const renew = async () => {
    const now = new Date();
    const leases = ids.map((id) => silenced(leaseOf(id, held.get(id), now, false), Number(silentAt.get(id))));
    for (const lease of leases) held.set(lease.strategyId, lease);
    await put(leases.map((record) => recordItem({ kind: 'LEASE', record }, now)));
  };
  await put(ids.map((id) => registered(like, id, engines.url)));
  await renew();
  await put(ids.map(trading));
  const until = Date.now() + KNOWN_MS + SPREAD_MS + 15_000;
  while (haltedAt.size < count && Date.now() < until) await Promise.all([renew(), delay(RENEW_MS)]);
  await engines.close();
  end();
  return ids.map((id) => (haltedAt.get(instanceOf(id)) ?? Number.POSITIVE_INFINITY) - Number(silentAt.get(id)));
}

/** From then on its gateway and its acknowledgements beat no more. */
function silenced(lease: Lease, at: number): Lease {
  if (Date.now() < at) return lease;
  const last = new Date(at).toISOString();
  const heartbeats = { ...Object(lease.report['heartbeats']), executionGateway: last, orderAcknowledgements: last };
  return { ...lease, report: { ...lease.report, heartbeats } };
}

function registered(like: Registration, id: StrategyId, engineUrl: string): Record<string, unknown> {
  const instanceId = instanceOf(id);
  const engines = [{ instanceId, controlUrl: `${engineUrl}/${instanceId}`, clientId: `client-${id}` }];
  return recordItem({ kind: 'REGISTRATION', record: { ...like, id, engines } }, new Date());
}

/** With the digests that the engine says it runs. */
const trading = (id: StrategyId): Record<string, unknown> => ({
  ...{ ...newStrategy(id), mode: 'ACTIVE', epoch: 1, maxOrdersPerSec: 10, version: 1 },
  ...digestsOf(leaseOf(id, undefined, new Date(), false)),
  ...{ pk: `STRATEGY#${id}`, kind: 'STRATEGY', sort: id },
});

const digestsOf = ({ report }: Lease): Record<string, unknown> => ({
  artifactDigest: report['artifactDigest'],
  limitsDigest: report['limitsDigest'],
  parametersDigest: report['parametersDigest'],
});
