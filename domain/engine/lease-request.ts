import * as z from 'zod';
import { Digest } from '../ids.ts';
import { ReportedHalt } from '../market/halt.ts';
import { Position, ProfitAndLoss } from './position.ts';
import { TradingMode } from './trading-mode.ts';

const loaded = Digest.nullable();

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
  marketData: z.iso.datetime().optional(),
  featureStore: z.iso.datetime().optional(),
  executionGateway: z.iso.datetime().optional(),
  orderAcknowledgements: z.iso.datetime().optional(),
  riskService: z.iso.datetime().optional(),
});
export type Heartbeats = z.infer<typeof Heartbeats>;

/** What an engine instance says of itself when it renews its lease, each second (docs/engine-contract.md, Lease). Unknown members are dropped. */
export const LeaseRequest = z.object({
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
  openOrders: z.int().min(0),
  queueBacklog: z.int().min(0),
  positions: z.array(Position).max(200),
  pnl: ProfitAndLoss,
  roundTrip: RoundTripHistogram,
  heartbeats: Heartbeats,
  /** Trading halts that its venues have told it about (runbook 1.3): left out where it cannot tell, which ends none. */
  venueHalts: z.array(ReportedHalt).max(20).optional(),
});
export type LeaseRequest = z.infer<typeof LeaseRequest>;
