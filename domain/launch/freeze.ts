import * as z from 'zod';
import { ActorId, RunId } from '../ids.ts';

/** No new launches while this stands (runbook 5.1.4). Scope `all`: a kill freezes every launch until two people narrow it. */
export const Freeze = z.object({
  id: z.string().min(1),
  scope: z.literal('all'),
  source: z.literal('kill'),
  reason: z.string(),
  runId: RunId,
  by: ActorId,
  since: z.iso.datetime(),
  /** When two people's recovery lifted it. A lifted one stays, so that nothing has to be deleted, and holds nobody up. */
  liftedAt: z.iso.datetime().optional(),
  liftedBy: RunId.optional(),
});
export type Freeze = z.infer<typeof Freeze>;
