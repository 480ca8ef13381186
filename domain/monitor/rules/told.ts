import * as z from 'zod';
import { Position, ProfitAndLoss } from '../../engine/position.ts';
import { TradingMode } from '../../engine/trading-mode.ts';
import type { Lease } from '../../lease/lease.ts';
import { isLive, type Mode } from '../../mode.ts';
import type { Strategy } from '../../strategy.ts';

const MOST_SKEW_MS = 1_000;
const text = z.string().optional().catch(undefined);

/** What the rules judge of an instance's newest report. What cannot be read is not there, each member by itself; nothing is ever guessed. */
export const Told = z
  .object({
    mode: TradingMode.optional().catch(undefined),
    halted: z.boolean().optional().catch(undefined),
    epoch: z.int().min(0).optional().catch(undefined),
    artifactDigest: text,
    limitsDigest: text,
    parametersDigest: text,
    queueBacklog: z.number().min(0).optional().catch(undefined),
    positions: z.array(Position).optional().catch(undefined),
    pnl: ProfitAndLoss.optional().catch(undefined),
    heartbeats: z.record(z.string(), z.unknown()).optional().catch(undefined),
  })
  .catch({});
export type Told = z.infer<typeof Told>;

/** Each report is read once, however many rules judge it. */
const read = new WeakMap<Lease, Told>();

/** What the newest report says; nothing where there is none, or its time is still to come by our clock: then its age cannot be told. */
export function toldBy(lease: Lease | undefined, now: Date): Told {
  if (!lease || isFromTheFuture(lease, now)) return {};
  const told = read.get(lease) ?? Told.parse(lease.report);
  read.set(lease, told);
  return told;
}

/** When the newest report came in, by our clock, in milliseconds since 1970. */
export const receivedMs = ({ telemetry, grantedAt }: Lease): number => Date.parse(telemetry?.receivedAt ?? grantedAt);

export const isFromTheFuture = (lease: Lease, now: Date): boolean => receivedMs(lease) - now.getTime() > MOST_SKEW_MS;

/** Whether the instance holds a lease that runs. */
export const holdsLease = (lease: Lease | undefined, now: Date): lease is Lease =>
  lease !== undefined && lease.expiresAt > now.toISOString();

/** Whether its newest report came after the strategy went live: what it told before says nothing of this run. */
export const hasToldSinceLive = (lease: Lease | undefined, { epoch }: Pick<Strategy, 'epoch'>): lease is Lease =>
  lease !== undefined && lease.epoch === epoch && isLive(lease.grantedMode);

/** Modes in which new orders may leave. STOPPING only closes, and is not among them. */
export const isTrading = (mode: Mode): boolean => isLive(mode) && mode !== 'STOPPING';
