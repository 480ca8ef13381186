import * as z from 'zod';
import { accessToken } from '../cli/access-token.ts';
import { type LocalHost, startLocalHost } from '../rehearsal/local-host.ts';
import { manyStrategies } from '../test/runbook/many-strategies.ts';
import type { Figure } from './figure.ts';
import { haltingEngines } from './halting-engines.ts';
import { SURROUNDINGS } from './surroundings.ts';

const STRATEGIES = 500;
const OF_THE_DEMO = 2;

const Reply = z.looseObject({
  latched: z.literal(true),
  counts: z.looseObject({ strategies: z.number(), latched: z.number(), halted: z.number() }),
  afterMs: z.object({ latched: z.number(), told: z.number() }),
});

/** `kill --scope all` over 500 strategies on a running local host. The engines of all but the demo's are one process that answers at once. */
export async function scopeKillFigures(): Promise<Figure[]> {
  const [engines, host] = [await haltingEngines(), await startLocalHost()];
  try {
    await manyStrategies(host.data, STRATEGIES - OF_THE_DEMO, engines.url);
    return await killEverything(host);
  } finally {
    await host.close();
    await engines.close();
  }
}

async function killEverything({ url, data }: LocalHost): Promise<Figure[]> {
  const token = await accessToken({ dataPath: data, as: 'risk', scopes: ['control-plane/kill'] }, SURROUNDINGS);
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/kills`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"scope":"all","reason":"benchmark"}',
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  if (response.status !== 202) throw new Error(`the kill was answered with ${response.status} ${text.slice(0, 300)}`);
  const { counts, afterMs } = Reply.parse(JSON.parse(text));
  const { strategies, latched, halted } = counts;
  const note = `${latched} latched and ${halted} halted of ${strategies} strategies`;
  const ofAll = (what: number, of: number) => (of === STRATEGIES ? what : Number.POSITIVE_INFINITY);
  return [
    { name: 'kill --scope all, all latched', value: ofAll(afterMs.latched, latched), unit: 'ms', budget: 2_000, note },
    { name: 'kill --scope all, all halted', value: ofAll(afterMs.told, halted), unit: 'ms', budget: 5_000, note },
    { name: 'kill --scope all, acknowledged', value: ms, unit: 'ms', note: 'every machine started' },
  ];
}
