import { randomUUID } from 'node:crypto';
import * as z from 'zod';

/** One kill as a client saw it. `halted`: every engine instance had answered the push within the acknowledgement. */
export type KillSample = { readonly ms: number; readonly halted: boolean };

export type Kills = { readonly samples: readonly KillSample[]; readonly perSecond: number };

const Reply = z.looseObject({ latched: z.literal(true), status: z.string() });

/** Who kills what, over the HTTP API. */
export type Target = { readonly url: string; readonly token: string; readonly strategies: readonly string[] };

/**
 * So many kills by so many clients at once, each client one after the other over strategies that are its alone, each kill a
 * request of its own with a key of its own. A repeated kill latches, pushes and starts a run like the first one. Refuses a
 * reply that is no acknowledgement.
 */
export async function kills(target: Target, clients: number, each: number): Promise<Kills> {
  const startedAt = performance.now();
  const samples = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const own = target.strategies.filter((_, index) => index % clients === client);
      const mine: KillSample[] = [];
      while (mine.length < each) mine.push(await killOnce(target, own[mine.length % own.length] ?? ''));
      return mine;
    }),
  );
  return { samples: samples.flat(), perSecond: (clients * each) / ((performance.now() - startedAt) / 1000) };
}

/** One kill; what it took until the whole reply was there. */
export async function killOnce({ url, token }: Target, strategy: string): Promise<KillSample> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/strategies/${strategy}/kills`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: '{"reason":"benchmark"}',
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  if (response.status !== 202) throw new Error(`a kill was answered with ${response.status} ${text.slice(0, 300)}`);
  return { ms, halted: Reply.parse(JSON.parse(text)).status === 'halted' };
}
