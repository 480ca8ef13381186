import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, Digest, RunId, StrategyId } from '../ids.ts';
import { TicketId } from './ticket-ref.ts';

export const TicketStatus = z.enum(['open', 'approved', 'rejected', 'closed']);
export type TicketStatus = z.infer<typeof TicketStatus>;

/** Where the archive of a run is: the key of its first manifest, with the digest of its bytes. */
export const TicketLink = z.object({ run: RunId, key: z.string(), digest: Digest, at: z.iso.datetime() });
export type TicketLink = z.infer<typeof TicketLink>;

/** A deployment ticket of our own (runbook 1.1): one change of one strategy in one environment, and who approved it. */
export const Ticket = z.object({
  id: TicketId,
  title: z.string(),
  status: TicketStatus,
  strategy: StrategyId,
  environment: z.string(),
  openedBy: ActorId,
  openedAt: z.iso.datetime(),
  approvals: z.array(z.object({ by: ActorId, role: Role, at: z.iso.datetime() })),
  /** Who rejected or closed it, when, and why. */
  endedBy: ActorId.optional(),
  endedAt: z.iso.datetime().optional(),
  reason: z.string().optional(),
  /** Archives of the runs that were made for it (runbook 8): where the manifest is, and its digest. */
  links: z.array(TicketLink).optional(),
  version: z.int().min(1),
});
export type Ticket = z.infer<typeof Ticket>;
