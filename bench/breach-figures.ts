import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { recordItem } from '../adapters/aws/record-item.ts';
import { accessToken } from '../cli/access-token.ts';
import { alertBudget } from '../domain/communications/alert-budget.ts';
import { Delivery } from '../domain/communications/delivery.ts';
import type { StrategyId } from '../domain/ids.ts';
import { type LocalHost, startLocalHost } from '../rehearsal/local-host.ts';
import { bulkWriter } from '../test/runbook/bulk-writer.ts';
import { enableFlag } from '../test/runbook/enable-flag.ts';
import type { Figure } from './figure.ts';
import { leaseOf, monitoredStrategies } from './monitored-strategies.ts';
import { SURROUNDINGS } from './surroundings.ts';

const BREACHES = 30;
const BREACH_EVERY_MS = 1_370; // no multiple of a second: any part of one can pass before the next look
const KNOWN_AFTER_MS = 70_000; // the watchdog reads once a minute who is to be watched
const TOLD_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 250;

const Page = z.object({ deliveries: z.array(Delivery) });

/**
 * From an engine whose clock is nine seconds off, which pages and asks for nothing else, until each channel of the shipped matrix was asked: the
 * whole way through lease, watchdog, alert, courier and provider on one machine, over real sockets to stand-ins of the providers.
 */
export async function breachFigures(): Promise<Figure[]> {
  const host = await startLocalHost();
  try {
    return await told(host);
  } finally {
    await host.close();
  }
}

async function told(host: LocalHost): Promise<Figure[]> {
  const { ids, flag, lease, end } = await monitoredStrategies(host.data, BREACHES);
  await enableFlag(host.data, flag);
  const { put, end: endWriter } = await bulkWriter(host.data);
  const breached = new Set<StrategyId>();
  const isSound = (id: StrategyId) => !breached.has(id);
  const over = new AbortController();
  const renewing = eachSecond(over.signal, async () => {
    await lease(ids.filter(isSound), () => false);
    await put([...breached].map(offClock));
  });
  await delay(KNOWN_AFTER_MS);
  const begun = new Date();
  for (const id of ids) {
    breached.add(id);
    await put([offClock(id)]);
    await delay(BREACH_EVERY_MS);
  }
  const deliveries = await toldSince(begun, host);
  over.abort();
  await renewing;
  endWriter();
  end();
  return figuresOf(deliveries);
}

/** The lease of an engine whose clock is nine seconds ahead of ours. */
function offClock(id: StrategyId): Record<string, unknown> {
  const record = leaseOf(id, undefined, new Date(), false);
  const { telemetry } = record;
  if (!telemetry) throw new Error(`the lease of ${id} tells nothing`);
  return recordItem(
    { kind: 'LEASE', record: { ...record, telemetry: { ...telemetry, clockOffsetMs: 9_000 } } },
    new Date(),
  );
}

async function eachSecond(over: AbortSignal, work: () => Promise<void>): Promise<void> {
  for (let next = performance.now(); !over.aborted; next += 1_000) {
    await work();
    await delay(Math.max(0, next + 1_000 - performance.now()));
  }
}

/** The deliveries of the breaches, once each was acknowledged. */
async function toldSince(begun: Date, { url, data }: LocalHost): Promise<Delivery[]> {
  const token = await accessToken({ dataPath: data, as: 'auditor', scopes: ['control-plane/read'] }, SURROUNDINGS);
  for (const until = performance.now() + TOLD_WITHIN_MS; ; await delay(LOOK_AGAIN_MS)) {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(`${url}/v1/deliveries?trigger=breach&limit=500`, { headers });
    const all = Page.parse(await reply.json()).deliveries;
    const own = all.filter(({ message, at }) => message.includes('/clock/') && at >= begun.toISOString());
    const strategies = new Set(own.map(({ strategyId }) => strategyId));
    const isDone = strategies.size === BREACHES && own.every(({ status }) => status === 'acknowledged');
    if (isDone || performance.now() > until) return own;
  }
}

function figuresOf(deliveries: readonly Delivery[]): Figure[] {
  const { fromEvent, fromDetection, acknowledged } = alertBudget(deliveries, new Date());
  const strategies = new Set(deliveries.map(({ strategyId }) => strategyId)).size;
  const note = `${acknowledged} of ${deliveries.length} deliveries acknowledged, of ${strategies} of ${BREACHES} breaches`;
  const isWhole = strategies === BREACHES && acknowledged === deliveries.length;
  const figure = (name: string, ms: number | undefined, budget?: number): Figure => ({
    ...{ name, value: isWhole && ms !== undefined ? ms : Number.POSITIVE_INFINITY, unit: 'ms', note },
    ...(budget !== undefined && { budget }),
  });
  return [
    figure('breach to alert sent, p50 from detection', fromDetection?.p50Ms),
    figure('breach to alert sent, p99 from detection', fromDetection?.p99Ms, 1_000),
    figure('breach to alert sent, p99 from the event', fromEvent?.p99Ms, 2_500),
  ];
}
