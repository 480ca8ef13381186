import * as z from 'zod';
import { Digest } from '../ids.ts';

/** One order that the dry run would have sent. `referencePrice` is the market's at that recorded moment. */
export const SmokeOrder = z.object({
  at: z.iso.datetime(),
  instrument: z.string().min(1),
  side: z.enum(['buy', 'sell']),
  quantity: z.number().positive(),
  price: z.number().positive(),
  referencePrice: z.number().positive(),
});
export type SmokeOrder = z.infer<typeof SmokeOrder>;

/**
 * The dry-run replay of the newest recorded trading minutes (runbook 2.4). `rejects`: orders that the engine's own limits
 * refused; `cancels`: orders of the replay that it would have cancelled again.
 */
export const SmokeReport = z.object({
  window: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }),
  bars: z.int().min(0),
  orders: z.array(SmokeOrder).max(10_000),
  rejects: z.int().min(0),
  /** An engine that does not count them cannot pass. */
  cancels: z.int().min(0).optional(),
  latency: z.object({ p50Ms: z.number().min(0), p95Ms: z.number().min(0) }),
  /** Of the artifact that was replayed, hashed by the engine itself. */
  artifactDigest: Digest.optional(),
});
export type SmokeReport = z.infer<typeof SmokeReport>;
