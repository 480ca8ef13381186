import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type LocalHost, startLocalHost } from '../rehearsal/local-host.ts';
import { type ArmedEngines, armedEngines } from './armed-engines.ts';
import { type Figure, percentile } from './figure.ts';
import { targetOf } from './kill-figures.ts';
import { killOnce, type Target } from './kills.ts';

const STRATEGIES = 40;
const WARM_UP = 4;
const ORDERS = 100;
const LOOK_AGAIN_MS = 2;
const PATIENCE_MS = 10_000;

const Resting = z.looseObject({ orders: z.array(z.unknown()) });

/** From the request of a kill until the venue lists nothing, for strategies that trade with 100 orders resting. */
export async function venueZeroFigures(): Promise<Figure[]> {
  const host = await startLocalHost();
  const engines = await armedEngines(host, STRATEGIES).catch(async (error: unknown) => {
    await host.close();
    throw error;
  });
  try {
    return await oneAfterTheOther(host, engines);
  } finally {
    await engines.close();
    await host.close();
  }
}

async function oneAfterTheOther(host: LocalHost, engines: ArmedEngines): Promise<Figure[]> {
  const target = await targetOf(host, []);
  const all: number[] = [];
  for (const strategy of engines.strategies) {
    await engines.arm(strategy);
    await restOrders(strategy, engines.venue);
    all.push(await killedUntilZero(target, strategy, engines.venue));
  }
  const ms = all.slice(WARM_UP);
  const note = `${ms.length} kills, ${ORDERS} orders resting at each, the venue asked every ${LOOK_AGAIN_MS} ms`;
  return [
    { name: 'kill to nothing rests at the venue, p50', value: percentile(ms, 0.5), unit: 'ms', note },
    { name: 'kill to nothing rests at the venue, p99', value: percentile(ms, 0.99), unit: 'ms', budget: 250, note },
  ];
}

type Venue = ArmedEngines['venue'];

/** Far from the market, so that none is filled. Refuses when the venue does not list them all. */
async function restOrders(strategyId: string, venue: Venue): Promise<void> {
  const submit = () =>
    fetch(`${venue.url}/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${venue.tradingKey}` },
      body: JSON.stringify({
        ...{ clientOrderId: randomUUID(), strategyId, instrument: 'BTC-USD', side: 'buy', quantity: 0.001, price: 100 },
      }),
    }).then((reply) => reply.arrayBuffer());
  await Promise.all(Array.from({ length: ORDERS }, submit));
  const resting = await restingAt(venue, strategyId);
  if (resting < ORDERS) throw new Error(`only ${resting} of ${ORDERS} orders rest for ${strategyId}`);
}

async function killedUntilZero(target: Target, strategy: string, venue: Venue): Promise<number> {
  const startedAt = performance.now();
  const killing = killOnce(target, strategy);
  killing.catch(() => undefined); // awaited below
  while ((await restingAt(venue, strategy)) > 0) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`orders of ${strategy} rest on after its kill`);
    await delay(LOOK_AGAIN_MS);
  }
  const ms = performance.now() - startedAt;
  await killing;
  return ms;
}

async function restingAt({ url, controlKey }: Venue, strategy: string): Promise<number> {
  const headers = { authorization: `Bearer ${controlKey}` };
  const reply = await fetch(`${url}/v1/orders?strategy=${strategy}`, { headers });
  return Resting.parse(await reply.json()).orders.length;
}
