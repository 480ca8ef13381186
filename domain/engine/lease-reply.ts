import * as z from 'zod';
import { Mode } from '../mode.ts';

/**
 * The right to trade, for `expiresInMs` from the moment the engine SENT its request, by a monotonic clock. A mode that is
 * none of an engine's own means SAFE. `maxOrdersPerSec` 0 means stop, never unlimited.
 */
export const LeaseReply = z.object({
  mode: Mode,
  maxOrdersPerSec: z.number().min(0),
  epoch: z.int().min(0),
  expiresInMs: z.int().min(1).max(60_000),
});
export type LeaseReply = z.infer<typeof LeaseReply>;
