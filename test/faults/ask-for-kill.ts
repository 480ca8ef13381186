import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { readDevice, signAsDevice } from '../../cli/session/device-file.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Killer } from './kill-plan.ts';

/** What is known of the kill of one strategy. */
const Kept = z.looseObject({
  runId: z.string(),
  latched: z.boolean(),
  spooled: z.boolean(),
  status: z.enum(['halted', 'halting', 'lease-bounded']),
});
const OfOne = Kept.extend({ summary: z.string() });
const OfADesk = z.looseObject({ strategies: z.tuple([Kept]), summary: z.string() });

export type Acknowledged = z.infer<typeof OfOne> & {
  readonly by: Killer;
  /** From the request to the whole reply. */
  readonly tookMs: number;
  /** When the whole reply was there, by this machine's clock. */
  readonly at: Date;
};

export type KillRequest = {
  readonly strategyId: string;
  readonly by: Killer;
  /** The same for every repetition of one kill. */
  readonly key: string;
  /** Another token than that of a fresh login. */
  readonly token?: string | undefined;
};

/** Asks for one kill, once. Throws what the answer was when it is no acknowledgement. */
export async function askForKill(
  { strategyId, by, key, token }: KillRequest,
  world: FaultWorld,
): Promise<Acknowledged> {
  const startedAt = performance.now();
  const { path, body, headers, as } = await requestOf({ strategyId, by }, world);
  const authority = as === undefined ? {} : token === undefined ? { as } : { token };
  const { status, body: reply } = await world.plane.ask(path, { raw: body, key, headers, ...authority });
  const answered = { by, tookMs: performance.now() - startedAt, at: new Date() };
  if (status !== 202) throw new Error(`a kill by ${by} was answered ${status} ${JSON.stringify(reply)}`);
  const ofADesk = OfADesk.safeParse(reply).data;
  const kept = ofADesk ? { ...ofADesk.strategies[0], summary: ofADesk.summary } : OfOne.parse(reply);
  return { ...kept, ...answered };
}

/** The same kill again until the store or the spool has it, or, with the control plane gone, until it is back at all. */
export async function askUntilKept(request: KillRequest, world: FaultWorld, withinMs = 60_000): Promise<Acknowledged> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const asked = await askForKill(request, world).catch((error: unknown) => error);
    if (!(asked instanceof Error) && isKept(asked as Acknowledged)) return asked as Acknowledged;
    if (performance.now() > giveUpAt) throw new Error(`not kept in time: ${JSON.stringify(asked)} ${String(asked)}`);
    await delay(50);
  }
}

export const isKept = ({ latched, spooled }: Pick<Acknowledged, 'latched' | 'spooled'>): boolean => latched || spooled;

type Request = {
  readonly path: string;
  readonly body: string;
  readonly headers: Record<string, string>;
  /** Nobody: the signature of a device. */
  readonly as?: 'trader' | 'risk';
};

async function requestOf(
  { strategyId, by }: Pick<KillRequest, 'strategyId' | 'by'>,
  world: FaultWorld,
): Promise<Request> {
  const reason = `a fault is tried, and ${by} kills`;
  const path = `/v1/strategies/${strategyId}/kills`;
  if (by === 'trader' || by === 'risk') return { path, body: JSON.stringify({ reason }), headers: {}, as: by };
  if (by === 'device') return signed(JSON.stringify({ strategy: strategyId, reason }), world);
  const { desk } = world.registration(strategyId);
  return { path: '/v1/kills', body: JSON.stringify({ scope: `desk:${desk}`, reason }), headers: {}, as: 'risk' };
}

async function signed(body: string, { faulty }: FaultWorld): Promise<Request> {
  const { url, data } = faulty.host();
  const here = { options: { data, output: 'table' as const }, surroundings: { env: {} } };
  const device = await readDevice(here as never, 'risk-laptop');
  if (!device) throw new Error(`${data} holds no key of a device`);
  const path = '/v1/device-kills';
  const { headers } = await signAsDevice(device, { url: `${url}${path}`, body }, { now: () => new Date() });
  return { path, body, headers };
}

export const freshKey = (): string => randomUUID();
