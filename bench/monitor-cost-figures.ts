import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { emfMetrics } from '../adapters/aws/emf-metrics.ts';
import { recordItem } from '../adapters/aws/record-item.ts';
import { scopesOf } from '../domain/kill/scope-latch.ts';
import type { Lease } from '../domain/lease/lease.ts';
import { metricsOf } from '../domain/monitor/metrics-of.ts';
import { StrategyMonitors } from '../domain/monitor/monitor-settings.ts';
import type { Sample } from '../domain/monitor/sample.ts';
import { newStrategy, type Strategy } from '../domain/strategy.ts';
import { REGISTRATION } from '../test/fakes/world.ts';
import type { Figure } from './figure.ts';
import { itemSize } from './item-size.ts';
import { LIST_PRICES } from './list-prices.ts';
import { instanceOf, LIMITS, leaseOf } from './monitored-strategies.ts';

const ASSEMBLY = 'cdk.out';
const MONTH_S = 730 * 3_600;
const BUDGET = 8;
/** What one renewal is billed for; measured on this machine it takes less than half of that. */
const BILLED_MS = 15;
/** The three lines that Lambda writes itself, and the one of the entrance. */
const LAMBDA_LOG_BYTES = 400;
const ENTRANCE_LOG_BYTES = 330;
const TRACED = 0.05; // what X-Ray samples beyond the first request of each second
const FLAG_POLL_S = 15;

const FunctionResource = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.object({
    Architectures: z.tuple([z.enum(['arm64', 'x86_64'])]),
    MemorySize: z.number(),
    TracingConfig: z.object({ Mode: z.string() }).optional(),
  }),
});
type FunctionResource = z.infer<typeof FunctionResource>;
const Stage = z.looseObject({ Properties: z.looseObject({ AccessLogSettings: z.unknown().optional() }) });
const Template = z.object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** What AWS asks in a month for one strategy with one engine instance that renews each second and is looked at each second, by the synthesized template, the very items and metrics, and list prices. Nothing is shared with other strategies. */
export async function monitorCostFigures(): Promise<Figure[]> {
  const resources = await resourcesOf(ASSEMBLY);
  const [renewing, watching] = ['ServicesApiLease', 'OperationsWatchdog'].map((name) => functionOf(resources, name));
  const { state, lease, registration } = await aMinute();
  const kilobytes = Math.ceil(itemSize(lease) / 1_024);
  const reads =
    [state, registration, lease].reduce((sum, item) => sum + readUnits(item), 0) + scopesOf(REGISTRATION).length;
  const parts = {
    entrance: MONTH_S * (LIST_PRICES.httpRequest + logged(entranceLogs(resources) ? ENTRANCE_LOG_BYTES : 0)),
    function: MONTH_S * renewalPrice(renewing),
    reads: MONTH_S * (reads * LIST_PRICES.readUnit + LIST_PRICES.getObject),
    writes: MONTH_S * kilobytes * LIST_PRICES.writeUnit,
    flag: (MONTH_S / FLAG_POLL_S) * LIST_PRICES.configurationAsked,
    watch: MONTH_S * (readUnits(state) + readUnits(lease)) * LIST_PRICES.readUnit,
    metrics: await metricsPrice(),
  };
  const total = Object.values(parts).reduce((sum, price) => sum + price, 0);
  const said = Object.entries(parts).map(([what, price]) => `${what} ${price.toFixed(2)}`);
  return [
    {
      name: 'AWS list price of leases and monitoring, a strategy-month',
      ...{ value: total, unit: '$', budget: BUDGET },
      note: `${said.join(', ')}; a lease of ${itemSize(lease)} bytes with two positions, ${reads} read units a renewal; prices of 2026-11-26`,
    },
    {
      name: 'AWS list price of the watchdog, a month',
      ...{ value: watchPrice(watching), unit: '$' },
      note: 'whatever the number of strategies: divide it by theirs, and add it to the above',
    },
  ];
}

async function resourcesOf(folder: string) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.template.json'));
  const templates = await Promise.all(
    names.map(async (name) => Template.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
  return templates.flatMap(({ Resources }) => Object.entries(Resources));
}
type Resources = Awaited<ReturnType<typeof resourcesOf>>;

function functionOf(resources: Resources, name: string): FunctionResource {
  const found = resources.find(([id, { Type }]) => id.startsWith(name) && Type === 'AWS::Lambda::Function');
  if (!found) throw new Error(`there is no function ${name} in ${ASSEMBLY}: run npm run synth`);
  return FunctionResource.parse(found[1]);
}

const entranceLogs = (resources: Resources): boolean =>
  resources.some(
    ([, each]) =>
      each.Type === 'AWS::ApiGatewayV2::Stage' && Stage.parse(each).Properties.AccessLogSettings !== undefined,
  );

const logged = (bytes: number): number => (bytes / 1e9) * LIST_PRICES.logGigabyte;
const readUnits = (item: Record<string, unknown>): number => Math.ceil(itemSize(item) / 4_096);

function computePrice({ Properties }: FunctionResource, seconds: number): number {
  return (Properties.MemorySize / 1_024) * seconds * LIST_PRICES.lambdaGigabyteSecond[Properties.Architectures[0]];
}

function renewalPrice(fn: FunctionResource | undefined): number {
  if (!fn) return Number.POSITIVE_INFINITY;
  const traced = fn.Properties.TracingConfig?.Mode === 'Active' ? TRACED * LIST_PRICES.trace : 0;
  return LIST_PRICES.lambdaRequest + computePrice(fn, BILLED_MS / 1_000) + logged(LAMBDA_LOG_BYTES) + traced;
}

/** Always one that runs, and one write each second. */
const watchPrice = (fn: FunctionResource | undefined): number =>
  fn ? computePrice(fn, MONTH_S) + MONTH_S * LIST_PRICES.writeUnit : Number.POSITIVE_INFINITY;

/** A strategy after a busy minute, with the items that are read and written for it. */
async function aMinute() {
  const { sample, lease } = await aSample();
  const { state, registration } = sample;
  return {
    state: { ...state, pk: `STRATEGY#${state.id}`, kind: 'STRATEGY', sort: state.id },
    lease: recordItem({ kind: 'LEASE', record: lease }, sample.now),
    registration: recordItem({ kind: 'REGISTRATION', record: registration }, sample.now),
  };
}

async function aSample(): Promise<{ sample: Sample; lease: Lease; settings: StrategyMonitors }> {
  const { id } = REGISTRATION;
  let lease: Lease | undefined;
  const startedAt = Date.parse('2026-11-26T12:00:00.000Z');
  for (let second = 0; second < 120; second += 1)
    lease = leaseOf(id, lease, new Date(startedAt + second * 1_000), false);
  if (!lease) throw new Error('nothing was renewed');
  const state: Strategy = {
    ...{ ...newStrategy(id), mode: 'ACTIVE', epoch: 1, maxOrdersPerSec: 10, version: 1_000_000 },
    ledgerRange: Array.from({ length: 20 }, () => 'ab'.repeat(32)), // as many as a log of a million entries keeps
  };
  const instanceId = instanceOf(id);
  const engines = REGISTRATION.engines.slice(0, 1).map((engine) => ({ ...engine, instanceId }));
  const { defaults } = z
    .looseObject({ defaults: z.unknown() })
    .parse(parse(await readFile('config/monitors.yaml', 'utf8')));
  const settings = StrategyMonitors.parse(defaults);
  const known = { limits: LIMITS, targets: undefined, drift: undefined };
  const registration = { ...REGISTRATION, engines };
  return {
    sample: { state, registration, instances: [{ instanceId, lease }], ...known, now: new Date(lease.grantedAt) },
    lease,
    settings,
  };
}

/** A metric costs by the month, and its line in the log each minute. */
async function metricsPrice(): Promise<number> {
  const { sample, settings } = await aSample();
  let bytes = 0;
  const minute = emfMetrics(
    (line) => {
      bytes += JSON.stringify(line).length;
    },
    () => sample.now,
  );
  const all = metricsOf(sample, settings);
  for (let second = 0; second < 60; second += 1)
    for (const { dimensions, metrics, facts } of all) minute.put(dimensions, metrics, facts);
  minute.flush();
  const count = all.reduce((sum, { metrics }) => sum + metrics.length, 0);
  return count * LIST_PRICES.customMetric + (MONTH_S / 60) * logged(bytes);
}
