import * as z from 'zod';
import { ActorId, RunId, StrategyId } from '../ids.ts';

/** Live against target of one instrument: quantities in its units, drift as a share of 1 (product decision 15). */
export const DriftLine = z.object({
  instrument: z.string(),
  live: z.number(),
  target: z.number(),
  mark: z.number(),
  drift: z.number().min(0),
});
export type DriftLine = z.infer<typeof DriftLine>;

/** The manual review that a drift above the limit opens (runbook 3.3): positions, and what a quant decided about them. */
export const DriftReview = z.object({
  id: z.string().regex(/^[0-9A-Za-z_-]{1,100}$/),
  strategyId: StrategyId,
  runId: RunId.optional(),
  status: z.enum(['open', 'accepted', 'returned', 'over']),
  openedAt: z.iso.datetime(),
  /** When the lines were last brought up to date. */
  at: z.iso.datetime(),
  lines: z.array(DriftLine).max(400),
  escalatedAt: z.iso.datetime().optional(),
  decidedBy: ActorId.optional(),
  decidedAt: z.iso.datetime().optional(),
  note: z.string().max(2000).optional(),
  version: z.int().min(1),
});
export type DriftReview = z.infer<typeof DriftReview>;
