import * as z from 'zod';
import { Digest, RunId, StrategyId } from '../ids.ts';
import { DsseEnvelope } from '../launch/dsse.ts';

/** The change of a run as it came off the bus, recorded once its signature had been verified. `digest` is that of the payload's bytes. */
export const ChangeRecord = z.object({
  id: RunId,
  strategyId: StrategyId,
  envelope: DsseEnvelope,
  digest: Digest,
  recordedAt: z.iso.datetime(),
});
export type ChangeRecord = z.infer<typeof ChangeRecord>;
