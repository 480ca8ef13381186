import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { accessToken } from '../cli/access-token.ts';
import { ALERT_CEILING_MS, alertBudget } from '../domain/communications/alert-budget.ts';
import { Delivery } from '../domain/communications/delivery.ts';
import { type LocalHost, startLocalHost } from '../rehearsal/local-host.ts';
import { manyStrategies } from '../test/runbook/many-strategies.ts';
import type { Figure } from './figure.ts';
import { haltingEngines } from './halting-engines.ts';
import { killOnce } from './kills.ts';
import { SURROUNDINGS } from './surroundings.ts';

const KILLS = 40;
const WARM_UP = 4;
const CHANNELS = 5; // where the shipped matrix tells a kill
const LOOK_AGAIN_MS = 20;
const PATIENCE_MS = 15_000;

const Page = z.object({ deliveries: z.array(Delivery) });

/** From the request of a kill, which is both the event and its detection, until each of its five channels was asked: Slack, PagerDuty, over real sockets to their stand-ins. */
export async function alertFigures(): Promise<Figure[]> {
  const [engines, host] = [await haltingEngines(), await startLocalHost()];
  try {
    await manyStrategies(host.data, KILLS + WARM_UP, engines.url);
    return await oneAfterTheOther(host);
  } finally {
    await host.close();
    await engines.close();
  }
}

async function oneAfterTheOther(host: LocalHost): Promise<Figure[]> {
  const tokenFor = (as: 'risk' | 'auditor', scope: string) =>
    accessToken({ dataPath: host.data, as, scopes: [`control-plane/${scope}`] }, SURROUNDINGS);
  const [kill, read] = [await tokenFor('risk', 'kill'), await tokenFor('auditor', 'read')];
  const all: Delivery[] = [];
  for (let number = 1; number <= KILLS + WARM_UP; number += 1) {
    const strategy = `many-${number}`;
    await killOnce({ url: host.url, token: kill, strategies: [] }, strategy);
    const told = await toldOf(strategy, { url: host.url, token: read });
    if (number > WARM_UP) all.push(...told);
  }
  const { fromEvent, fromDetection, shareInTime } = alertBudget(all, new Date());
  const note = `${all.length} deliveries of ${KILLS} kills, acknowledged; ${(100 * (shareInTime ?? 0)).toFixed(1)} % within ${ALERT_CEILING_MS / 1000} s`;
  const figure = (name: string, value: number | undefined, budget?: number): Figure => ({
    ...{ name, value: value ?? Number.POSITIVE_INFINITY, unit: 'ms', note },
    ...(budget !== undefined && { budget }),
  });
  return [
    figure('kill to alert sent, p50', fromEvent?.p50Ms),
    figure('kill to alert sent, p99 from the event', fromEvent?.p99Ms, 2_500),
    figure('kill to alert sent, p99 from detection', fromDetection?.p99Ms, 1_000),
  ];
}

async function toldOf(strategy: string, { url, token }: { readonly url: string; readonly token: string }) {
  const query = new URLSearchParams({ strategy, trigger: 'kill-switch' });
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await delay(LOOK_AGAIN_MS)) {
    const headers = { authorization: `Bearer ${token}` };
    const reply = await fetch(`${url}/v1/deliveries?${query}`, { headers, signal: AbortSignal.timeout(10_000) });
    const { deliveries } = Page.parse(await reply.json());
    if (deliveries.filter(({ status }) => status === 'acknowledged').length === CHANNELS) return deliveries;
  }
  throw new Error(`the kill of ${strategy} was not told on ${CHANNELS} channels within ${PATIENCE_MS} ms`);
}
