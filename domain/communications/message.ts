import * as z from 'zod';
import { RunId, StrategyId } from '../ids.ts';
import { Trigger } from './trigger.ts';

/**
 * Something that people have to be told, written in the same transaction as what it tells about (transactional outbox). It knows
 * no channel: the courier makes one delivery for each channel of the matrix from it.
 */
export const Message = z.object({
  id: z.string().min(1).max(400),
  trigger: Trigger,
  strategyId: StrategyId.optional(),
  runId: RunId.optional(),
  /** The facts that templates may name, as text. */
  facts: z.record(z.string(), z.string()),
  /** When it happened, and when a rule of ours knew of it. */
  at: z.iso.datetime(),
  detectedAt: z.iso.datetime(),
  /** Of a rehearsal: it says so before anything else, and pages nobody. */
  drill: z.literal(true).optional(),
  /** When every delivery was acknowledged or given up: it waits no longer, and no list shows it. */
  settledAt: z.iso.datetime().optional(),
  /** One more with each write. */
  version: z.int().min(1),
});
export type Message = z.infer<typeof Message>;
