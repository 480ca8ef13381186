import * as z from 'zod';
import type { Role } from '../approval/approval.ts';
import type { Caller } from '../approval/caller.ts';
import { sha256 } from '../crypto/sha256.ts';
import { StrategyId } from '../ids.ts';
import type { LogDecision } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import type { Ticket } from './ticket.ts';
import { ticketEntry } from './ticket-entry.ts';
import { TicketId } from './ticket-ref.ts';

/** Who proposes changes. */
export const MAY_OPEN_TICKETS: readonly Role[] = ['execution-trader', 'risk-officer', 'quant', 'sre'];

export const TicketRequest = z.strictObject({
  title: z.string().trim().min(1).max(200),
  strategy: StrategyId,
  environment: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'an environment is 1 to 31 of a-z, 0-9 and -'),
  /** Without one it gets a number of ours. */
  id: TicketId.optional(),
});
export type TicketRequest = z.infer<typeof TicketRequest>;

/** The id of a ticket that nobody named: its day, and what no other command has. */
export const ticketIdFor = (key: string, now: Date): string =>
  TicketId.parse(
    `CHG-${now.toISOString().slice(0, 10).replaceAll('-', '')}-${sha256(key).toString('hex').slice(0, 8)}`,
  );

/** Opens a deployment ticket (runbook 1.1). Refuses an id that is taken (TicketTaken). */
export function openTicket(
  known: Ticket | undefined,
  { title, strategy, environment, id }: TicketRequest & { readonly id: string },
  { caller, now }: { readonly caller: Caller; readonly now: Date },
): LogDecision<Ticket> | Refusal {
  if (known)
    return new Refusal('TicketTaken', `there is a ticket ${id} already`, 'choose another id, or leave it out', {
      ticket: id,
      status: known.status,
    });
  const ticket: Ticket = {
    ...{ id, title, status: 'open', strategy, environment },
    ...{ openedBy: caller.subject, openedAt: now.toISOString(), approvals: [], version: 1 },
  };
  return {
    entries: [ticketEntry('opened', ticket, caller)],
    records: [{ kind: 'TICKET', record: ticket }],
    reply: ticket,
  };
}
