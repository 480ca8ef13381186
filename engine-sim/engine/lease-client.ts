import * as z from 'zod';
import type { Log } from '../program/log.ts';
import type { TokenSource } from './access-token.ts';
import { DeviceKeys } from './device-key-store.ts';
import type { Instant } from './engine-state.ts';
import type { InstanceCore } from './instance-core.ts';
import { loseLease, takeLease } from './lease-rules.ts';

const Terms = z.object({
  mode: z.string(),
  maxOrdersPerSec: z.number().min(0),
  epoch: z.int().min(0),
  expiresInMs: z.int().min(1).max(60_000),
  deviceKeys: DeviceKeys.optional(),
});
const Refusal = z.object({
  code: z.string(),
  facts: z
    .object({ epoch: z.int().min(0) })
    .partial()
    .default({}),
});

export type LeasePorts = {
  readonly core: InstanceCore;
  readonly controlPlane: string;
  readonly strategyId: string;
  readonly token: TokenSource;
  readonly report: () => { roundTrip: { counts: number[] } } & Record<string, unknown>;
  /** Called with the report of each renewal that was answered with a lease. */
  readonly answered: (report: { roundTrip: { counts: number[] } }) => void;
  /** The devices that may halt, with each granted lease. */
  readonly learnDevices?: ((keys: DeviceKeys) => void) | undefined;
  readonly thawed: () => Promise<void>;
  readonly log: Log;
};

const DEADLINE_MS = 4_000;

/** One renewal (docs/engine-contract.md, Lease). It counts from the moment it is sent; what the reply is worth, the rules decide. Never throws. */
export function leaseClient({
  core,
  controlPlane,
  strategyId,
  token,
  report,
  answered,
  learnDevices,
  thawed,
  log,
}: LeasePorts): () => Promise<void> {
  const url = `${controlPlane}/engine/v1/strategies/${encodeURIComponent(strategyId)}/lease`;
  let outcome = '';
  const tell = (now: string, facts: Record<string, unknown> = {}) => {
    if (now !== outcome) log(`lease-${now}`, { strategyId, ...facts });
    outcome = now;
  };

  const take = async (terms: z.infer<typeof Terms>, sent: Instant, body: ReturnType<typeof report>) => {
    await core.apply((state, now) => takeLease(state, sent, terms, now));
    answered(body);
    if (terms.deviceKeys) learnDevices?.(terms.deviceKeys);
    tell('granted', { mode: terms.mode, epoch: terms.epoch });
  };

  const renew = async () => {
    const bearer = await token.get();
    const body = report();
    const sent = core.now();
    const reply = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const answer: unknown = await reply.json().catch(() => undefined);
    await thawed();
    if (reply.ok) return take(Terms.parse(answer), sent, body);
    if (reply.status === 401) token.drop();
    const refusal = Refusal.safeParse(answer).data;
    const { epoch } = refusal?.facts ?? {};
    if (refusal?.code === 'LeaseExpired' && epoch !== undefined) await core.apply((state) => loseLease(state, epoch));
    tell('refused', { status: reply.status, code: refusal?.code });
  };

  return () =>
    renew().catch((error: unknown) =>
      tell('unreachable', { detail: error instanceof Error ? error.message : String(error) }),
    );
}
