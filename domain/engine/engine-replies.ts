import * as z from 'zod';

const Sha = z.string().nullable();

/** Quantity is signed: negative is short. Prices in the instrument's quote currency. */
export const Position = z.object({
  instrument: z.string(),
  quantity: z.number(),
  averagePrice: z.number(),
  markPrice: z.number(),
});
export type Position = z.infer<typeof Position>;

export const OpenOrder = z.object({
  orderId: z.string(),
  venue: z.string(),
  instrument: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: z.number(),
  price: z.number(),
  submittedAt: z.string(),
});
export type OpenOrder = z.infer<typeof OpenOrder>;

/** What an instance really loaded, by digests it computed itself. */
export const Attestation = z.object({
  instanceId: z.string(),
  artifactDigest: Sha,
  limitsDigest: Sha,
  parametersDigest: Sha,
  configurationDigest: Sha,
});
export type Attestation = z.infer<typeof Attestation>;

export const HaltReport = z.object({
  instanceId: z.string(),
  halted: z.literal(true),
  epoch: z.int(),
  openOrders: z.int(),
  haltedAt: z.iso.datetime(),
});
export type HaltReport = z.infer<typeof HaltReport>;

/** The dry-run replay of the newest recorded minutes. Latencies in ms. */
export const SmokeReport = z.object({
  window: z.object({ from: z.string(), to: z.string() }),
  bars: z.int(),
  orders: z
    .array(
      z.object({
        at: z.string(),
        instrument: z.string(),
        side: z.enum(['buy', 'sell']),
        quantity: z.number(),
        price: z.number(),
        referencePrice: z.number().positive(),
      }),
    )
    .max(10_000),
  rejects: z.int(),
  latency: z.object({ p50Ms: z.number(), p95Ms: z.number() }),
});
export type SmokeReport = z.infer<typeof SmokeReport>;

export const Settlement = z.object({
  settled: z.literal(true),
  openOrders: z.int(),
  positions: z.array(Position),
  cash: z.number(),
  pnl: z.object({ realised: z.number(), unrealised: z.number(), currency: z.string() }),
});
export type Settlement = z.infer<typeof Settlement>;

/** `risk/live/status` of one instance. */
export const RiskStatus = z.object({
  strategyId: z.string(),
  instanceId: z.string(),
  mode: z.string(),
  halted: z.boolean(),
  epoch: z.int(),
  artifactDigest: Sha,
  limitsDigest: Sha,
  parametersDigest: Sha,
  killSwitch: z.object({ subscribed: z.boolean(), lastProbeAt: z.string().nullable() }),
  acknowledgements: z.object({ healthy: z.boolean(), p95Ms: z.number().nullable() }),
  queueBacklog: z.int(),
  riskHeartbeatAt: z.string().nullable(),
  capabilities: z.array(z.string()),
});
export type RiskStatus = z.infer<typeof RiskStatus>;
