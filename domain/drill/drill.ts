import * as z from 'zod';
import { ActorId, RunId, StrategyId } from '../ids.ts';

/**
 * An opened drill: the kill that bears this id is a rehearsal, if it comes in time and is the one that latches. It says so
 * beforehand and from outside, so that the kill itself is the very same request, through the very same code.
 */
export const Drill = z.object({
  id: RunId,
  strategyId: StrategyId,
  openedBy: ActorId,
  at: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Once the kill is certified; the whole score stands in the ledger entry `drill.scored`. */
  verdict: z.enum(['passed', 'failed']).optional(),
});
export type Drill = z.infer<typeof Drill>;
