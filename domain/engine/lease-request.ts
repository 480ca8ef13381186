import * as z from 'zod';
import { Digest } from '../ids.ts';
import { ReportedHalt } from '../market/halt.ts';
import { Target } from '../monitor/telemetry.ts';
import { Position, ProfitAndLoss } from './position.ts';
import { TradingMode } from './trading-mode.ts';

const loaded = Digest.nullable();
const unjudged = z.unknown().optional();
/** No clock has so many digits; what is kept each second stays small. */
const instant = z.iso.datetime().max(40);

/** Order round trips finished since the last answered renewal: `counts[i]` took up to `boundsMs[i]` ms, the one count more is what took longer. */
export const RoundTripHistogram = z
  .object({ boundsMs: z.array(z.number().positive()).max(32), counts: z.array(z.int().min(0)).max(33) })
  .refine(({ boundsMs, counts }) => counts.length === boundsMs.length + 1, 'counts has one element more than boundsMs')
  .refine(
    ({ boundsMs }) => boundsMs.every((bound, index) => index === 0 || bound > Number(boundsMs[index - 1])),
    'boundsMs ascends',
  );
export type RoundTripHistogram = z.infer<typeof RoundTripHistogram>;

/** When each component last showed that it works (runbook 3.1, 3.4). Missing means it never did: a miss for every monitor. */
export const Heartbeats = z.object({
  marketData: instant.optional(),
  featureStore: instant.optional(),
  executionGateway: instant.optional(),
  orderAcknowledgements: instant.optional(),
  riskService: instant.optional(),
});
export type Heartbeats = z.infer<typeof Heartbeats>;

/** What decides the lease itself: a renewal in which any of it is missing or malformed is refused. */
const DECIDES = {
  instanceId: z.string().min(1).max(80),
  epoch: z.int().min(0),
  mode: TradingMode,
  halted: z.boolean(),
  /** What halted it first: a command by its id, or `engine` where it did so itself; null or left out when it is not halted, or cannot tell. */
  halt: z
    .object({ by: z.string().min(1).max(200), at: z.iso.datetime() })
    .nullable()
    .optional(),
  /** The epoch at which the instance, armed, lost its permission by itself; null or left out when it did not. */
  lapsedEpoch: z.int().min(0).nullable().optional(),
  artifactDigest: loaded,
  limitsDigest: loaded,
  parametersDigest: loaded,
};

/** What an engine instance says of itself when it renews its lease, each second (docs/engine-contract.md, Lease). Unknown members are dropped. */
export const LeaseRequest = z.object({
  ...DECIDES,
  /** The engine's wall clock when it asks: ages of its heartbeats are counted from there. */
  sentAt: instant.optional(),
  /** Random at each start of the engine's process: two of them at the same time are two engines that think they are one. */
  processId: z.string().min(1).max(40).optional(),
  openOrders: z.int().min(0),
  queueBacklog: z.int().min(0),
  positions: z.array(Position).max(200),
  /** What its portfolio wants it to hold (runbook 3.3); left out where it cannot tell. */
  targets: z.array(Target).max(200).optional(),
  pnl: ProfitAndLoss,
  roundTrip: RoundTripHistogram,
  heartbeats: Heartbeats,
  /** Trading halts that its venues have told it about (runbook 1.3): left out where it cannot tell, which ends none. */
  venueHalts: z.array(ReportedHalt).max(20).optional(),
});
export type LeaseRequest = z.infer<typeof LeaseRequest>;

/**
 * The same at the entrance: only what decides the lease is judged. A lease is not lost for the form of a metric; the metrics are believed or left
 * out one by one (domain/monitor/clamp-report.ts), and what is left out counts as missing.
 */
export const LeaseRenewal = z.object({
  ...DECIDES,
  sentAt: unjudged,
  processId: unjudged,
  openOrders: unjudged,
  queueBacklog: unjudged,
  positions: unjudged,
  targets: unjudged,
  pnl: unjudged,
  roundTrip: unjudged,
  heartbeats: unjudged,
  venueHalts: unjudged,
});
