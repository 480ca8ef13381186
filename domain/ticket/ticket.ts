import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import { ActorId, StrategyId } from '../ids.ts';
import { TicketId } from './ticket-ref.ts';

export const TicketStatus = z.enum(['open', 'approved', 'rejected', 'closed']);
export type TicketStatus = z.infer<typeof TicketStatus>;

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
  version: z.int().min(1),
});
export type Ticket = z.infer<typeof Ticket>;
