import * as z from 'zod';
import { Position } from './engine-replies.ts';

const MAX_BUCKETS = 32;
const Sha = z.string().max(71).nullable();
const HeartbeatAt = z.iso.datetime().nullable();

/** What an engine instance sends each second: who it is, what it runs, and how it is. Round trips as a bounded histogram (upper bounds in ms). */
export const LeaseRequest = z.object({
  instanceId: z.string().min(1).max(80),
  epoch: z.int().min(0),
  mode: z.string().max(20),
  halted: z.boolean(),
  artifactDigest: Sha,
  limitsDigest: Sha,
  parametersDigest: Sha,
  openOrders: z.int().min(0),
  queueBacklog: z.int().min(0),
  positions: z.array(Position).max(200),
  pnl: z.object({ realised: z.number(), unrealised: z.number(), currency: z.string().max(5) }),
  roundTrip: z.object({ boundsMs: z.array(z.number().min(0)).max(MAX_BUCKETS), counts: z.array(z.int().min(0)).max(MAX_BUCKETS + 1) }),
  heartbeats: z.object({
    marketData: HeartbeatAt,
    featureStore: HeartbeatAt,
    executionGateway: HeartbeatAt,
    orderAcknowledgements: HeartbeatAt,
    riskService: HeartbeatAt,
  }),
});
export type LeaseRequest = z.infer<typeof LeaseRequest>;
