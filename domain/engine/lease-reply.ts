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
  /** Every device whose key may halt this engine, and no other (docs/engine-contract.md, Signatures). Left out where the list could not be read. */
  deviceKeys: z.array(z.object({ keyid: z.string(), publicKey: z.string() })).optional(),
});
export type LeaseReply = z.infer<typeof LeaseReply>;
