import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { StrategyId } from '../domain/ids.ts';
import { accessToken } from '../engine-sim/engine/access-token.ts';
import { renewalOf } from './monitored-strategies.ts';

const SECOND_MS = 1_000;
const Config = z.looseObject({
  ...{ controlPlane: z.url(), tokenUrl: z.url() },
  instances: z
    .array(z.looseObject({ clientId: z.string().optional(), instanceId: z.string(), clientSecret: z.string() }))
    .min(1),
});

export type Renewal = { readonly id: StrategyId; readonly ms: number; readonly status: number };

/** Engines that renew their leases over HTTP at the real entrance, each once a second, spread over the second, until they are stopped. */
export async function renewingEngines(
  data: string,
  ids: readonly StrategyId[],
  isBreached: (id: StrategyId) => boolean,
  renewed: (renewal: Renewal) => void,
) {
  const { controlPlane, tokenUrl, instances } = Config.parse(
    JSON.parse(await readFile(join(data, 'engine.json'), 'utf8')),
  );
  const [engine] = instances;
  const clientId = engine?.clientId ?? engine?.instanceId ?? '';
  const tokens = accessToken({ tokenUrl, clientId, clientSecret: engine?.clientSecret }, () => performance.now());
  const stopped = new AbortController();
  const renew = async (id: StrategyId) => {
    const token = await tokens.get();
    const startedAt = performance.now();
    const reply = await fetch(`${controlPlane}/engine/v1/strategies/${id}/lease`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(renewalOf(id, new Date(), isBreached(id))),
      signal: AbortSignal.timeout(4_000),
    });
    await reply.text();
    renewed({ id, ms: performance.now() - startedAt, status: reply.status });
  };
  const loop = async (id: StrategyId, at: number) => {
    const startedAt = performance.now() + (at * SECOND_MS) / ids.length;
    for (let beat = 0; !stopped.signal.aborted; beat += 1) {
      await delay(Math.max(1, startedAt + beat * SECOND_MS - performance.now()));
      await renew(id).catch(() => renewed({ id, ms: Number.POSITIVE_INFINITY, status: 0 }));
    }
  };
  await tokens.get();
  const loops = Promise.all(ids.map(loop));
  return async () => {
    stopped.abort();
    await loops;
  };
}
