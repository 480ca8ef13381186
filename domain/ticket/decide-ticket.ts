import * as z from 'zod';
import type { Role } from '../approval/approval.ts';
import type { Caller } from '../approval/caller.ts';
import type { LogDecision } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import type { Ticket } from './ticket.ts';
import { ticketEntry } from './ticket-entry.ts';

/** Who may say that a change may be deployed. */
export const MAY_APPROVE_TICKETS: readonly Role[] = ['execution-trader', 'risk-officer', 'sre'];

/** Why a ticket is rejected or closed. */
export const TicketReason = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
export type TicketReason = z.infer<typeof TicketReason>;

type Act = { readonly caller: Caller; readonly now: Date; readonly reason?: string | undefined };
type Decided = LogDecision<Ticket> | Refusal;

const unknown = (id: string) =>
  new Refusal('UnknownTicket', `there is no ticket ${id.slice(0, 64)}`, 'look at: tradepulse-cli ticket list');

/** Somebody else than who opened it says that the change may be deployed (runbook 1.1). Again by the same person changes nothing. */
export function approveTicket(known: Ticket | undefined, id: string, { caller, now }: Act): Decided {
  if (!known) return unknown(id);
  const role = refuseEnded(known) ?? refuseOpener(known, caller) ?? approverRole(caller, 'approving a ticket');
  if (role instanceof Refusal) return role;
  if (known.approvals.some(({ by }) => by === caller.subject)) return { entries: [], reply: known };
  const approvals = [...known.approvals, { by: caller.subject, role, at: now.toISOString() }];
  return recorded('approved', { ...known, status: 'approved', approvals }, caller);
}

/** Takes a ticket out of use: an approver says no, or who opened it withdraws it. No launch passes gate 1.1 on it from here on, even if it was approved. */
export function rejectTicket(known: Ticket | undefined, id: string, act: Act): Decided {
  if (!known) return unknown(id);
  if (known.status === 'rejected') return { entries: [], reply: known };
  return refuseEnded(known) ?? refuseStranger(known, act) ?? ended('rejected', known, act);
}

/** The change is done with: nothing is launched on this ticket any more. */
export function closeTicket(known: Ticket | undefined, id: string, act: Act): Decided {
  if (!known) return unknown(id);
  if (known.status === 'closed') return { entries: [], reply: known };
  return refuseEnded(known) ?? refuseStranger(known, act) ?? ended('closed', known, act);
}

function refuseEnded({ id, status, endedBy, endedAt }: Ticket): Refusal | undefined {
  if (status !== 'rejected' && status !== 'closed') return undefined;
  return new Refusal('AlreadyDecided', `${id} was ${status} at ${endedAt}`, 'open a new ticket', {
    ticket: id,
    status,
    by: endedBy,
  });
}

function refuseOpener({ id, openedBy }: Ticket, { subject }: Caller): Refusal | undefined {
  if (openedBy !== subject) return undefined;
  return new Refusal('SamePerson', `you have opened ${id} yourself`, 'ask another person to approve it', {
    ticket: id,
  });
}

/** The role in which somebody decides on tickets. Refuses whoever holds none of them. */
function approverRole({ roles }: Caller, action: string): Role | Refusal {
  const role = roles.find((each) => MAY_APPROVE_TICKETS.includes(each));
  const wanted = MAY_APPROVE_TICKETS.join(' or ');
  return (
    role ??
    new Refusal('WrongRole', `${action} needs the role ${wanted}`, 'ask somebody who holds it', {
      yourRoles: roles,
      allowed: MAY_APPROVE_TICKETS,
    })
  );
}

/** One's own ticket, or any as somebody who approves them. */
function refuseStranger({ openedBy }: Ticket, { caller }: Act): Refusal | undefined {
  const role =
    openedBy === caller.subject ? undefined : approverRole(caller, 'rejecting or closing a ticket of somebody else');
  return role instanceof Refusal ? role : undefined;
}

const ended = (status: 'rejected' | 'closed', known: Ticket, { caller, now, reason }: Act): Decided =>
  recorded(
    status,
    {
      ...{ ...known, status, endedBy: caller.subject, endedAt: now.toISOString() },
      ...(reason !== undefined && { reason }),
    },
    caller,
  );

function recorded(what: 'approved' | 'rejected' | 'closed', ticket: Ticket, caller: Caller): Decided {
  const record = { ...ticket, version: ticket.version + 1 };
  return { entries: [ticketEntry(what, record, caller)], records: [{ kind: 'TICKET', record }], reply: record };
}
