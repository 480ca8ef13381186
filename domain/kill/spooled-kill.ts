import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, RunId } from '../ids.ts';
import { DeviceProof } from '../signature/device-proof.ts';
import type { Kill } from './kill.ts';

/** A kill that could not be latched, as it waits in the spool: who decided what, when, and in which run. */
export const SpooledKill = z.object({
  runId: RunId,
  actor: ActorId,
  roles: z.array(Role),
  reason: z.string(),
  decidedAt: z.iso.datetime(),
  expiredForMs: z.number().optional(),
  aheadMs: z.number().optional(),
  proof: DeviceProof.optional(),
  direct: z.record(z.string(), z.unknown()).optional(),
});
export type SpooledKill = z.infer<typeof SpooledKill>;

export const spooledKillOf = ({
  runId,
  actor,
  roles,
  reason,
  now,
  expiredForMs,
  aheadMs,
  proof,
  direct,
}: Kill): SpooledKill => ({
  runId,
  actor,
  roles: [...roles],
  reason,
  decidedAt: now.toISOString(),
  ...(expiredForMs !== undefined && { expiredForMs }),
  ...(aheadMs !== undefined && { aheadMs }),
  ...(proof?.method === 'device-key' && { proof }), // a service signs for the store alone
  ...(direct && { direct }),
});
