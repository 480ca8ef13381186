import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, RunId } from '../ids.ts';
import type { Kill } from './kill.ts';

/** A kill that could not be latched, as it waits in the spool: who decided what, when, and in which run. */
export const SpooledKill = z.object({
  runId: RunId,
  actor: ActorId,
  roles: z.array(Role),
  reason: z.string(),
  decidedAt: z.iso.datetime(),
  expiredForMs: z.number().optional(),
});
export type SpooledKill = z.infer<typeof SpooledKill>;

export const spooledKillOf = ({ runId, actor, roles, reason, now, expiredForMs }: Kill): SpooledKill => ({
  runId,
  actor,
  roles: [...roles],
  reason,
  decidedAt: now.toISOString(),
  ...(expiredForMs !== undefined && { expiredForMs }),
});
