import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StrategyId } from '../domain/ids.ts';
import { type LocalHost, startLocalHost } from '../rehearsal/local-host.ts';
import { enableFlag } from '../test/runbook/enable-flag.ts';
import type { Figure } from './figure.ts';
import { LIMITS, monitoredStrategies } from './monitored-strategies.ts';
import { quietTemplate } from './quiet-template.ts';
import { type Renewal, renewingEngines } from './renewing-engines.ts';
import { watchFigures } from './watch-figures.ts';
import { WatchReport } from './watch-report.ts';

export type Scale = { readonly strategies: number; readonly overHttp: number; readonly seconds: number };
const FULL: Scale = { strategies: 1_000, overHttp: 200, seconds: 40 };
const SETTLE_MS = 8_000;
const BREACHES = 20;
const BREACH_EVERY_MS = 1_370; // no multiple of a second: any part of one can pass before the next look

/** A thousand strategies that renew each second, a fifth of them over HTTP, and the watchdog over all of them on this machine. */
export const monitorFigures = (): Promise<Figure[]> => monitorFiguresOf(FULL);

/** The same at another scale. */
export async function monitorFiguresOf(scale: Scale): Promise<Figure[]> {
  const template = await quietTemplate();
  const host = await startLocalHost({ options: ['--template', template] });
  try {
    return await watched(host, scale);
  } finally {
    await host.close();
  }
}

async function watched(host: LocalHost, scale: Scale): Promise<Figure[]> {
  const { ids, flag, lease, end } = await monitoredStrategies(host.data, scale.strategies);
  await enableFlag(host.data, flag);
  const [overHttp, inBulk] = [ids.slice(0, scale.overHttp), ids.slice(scale.overHttp)];
  const breached = new Set<StrategyId>();
  const breaches = new Map<string, number>();
  const isBreached = (id: StrategyId) => {
    if (breached.has(id) && !breaches.has(id)) breaches.set(id, Date.now()); // it is about to be told for the first time
    return breached.has(id);
  };
  const renewals: Renewal[] = [];
  const stop = await renewingEngines(host.data, overHttp, isBreached, (renewal) => renewals.push(renewal));
  const over = new AbortController();
  const bulk = inBulkEachSecond(inBulk, over.signal, (some) => lease(some, isBreached));
  const watching = watchOf(host.data, ids, scale.seconds);
  const from = renewals.length;
  await delay(SETTLE_MS);
  for (let number = 0; number < BREACHES; number += 1) {
    const id = number % 2 === 0 ? overHttp[number] : inBulk[number];
    if (id) breached.add(id);
    await delay(BREACH_EVERY_MS);
  }
  const report = await watching;
  const renewed = renewals.slice(from);
  over.abort();
  await Promise.all([stop(), bulk]);
  end();
  return watchFigures({ report, renewals: renewed, breaches }, scale);
}

/** In shards that are spread over the second, as leases are. */
async function inBulkEachSecond(
  ids: readonly StrategyId[],
  over: AbortSignal,
  write: (some: readonly StrategyId[]) => Promise<void>,
): Promise<void> {
  const shards = 8;
  const size = Math.ceil(ids.length / shards);
  const startedAt = performance.now();
  for (let turn = 0; !over.aborted; turn += 1) {
    const from = (turn % shards) * size;
    await write(ids.slice(from, from + size));
    await delay(Math.max(1, startedAt + ((turn + 1) * 1_000) / shards - performance.now()));
  }
}

async function watchOf(data: string, ids: readonly StrategyId[], forSeconds: number): Promise<WatchReport> {
  const limits = JSON.stringify({ version: 1, strategies: Object.fromEntries(ids.map((id) => [id, LIMITS])) });
  const child = fork(fileURLToPath(new URL('./watching.ts', import.meta.url)));
  child.send({ data, forSeconds, limits });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the watch ended with ${code}`)));
  const [report] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return WatchReport.parse(report);
}
