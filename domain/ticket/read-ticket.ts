import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { NoTicket, TicketFacts, Trackers } from '../ports/trackers.ts';
import type { Ticket } from './ticket.ts';
import { githubRefIn } from './ticket-ref.ts';

export type TicketPorts = Pick<Ports, 'records'> & { readonly trackers: Trackers };

/** The facts of a ticket: one of our own from the control table, one of a tracker from that tracker. */
export async function readTicket(ref: string, { records, trackers }: TicketPorts): Promise<TicketFacts | NoTicket> {
  if (githubRefIn(ref)) return trackers.read(ref);
  const ticket = await records.get('TICKET', ref);
  return ticket ? factsOf(ticket) : { source: sourceOf(ref), missing: true, problem: `there is no ticket ${ref}` };
}

const sourceOf = (id: string) => `ticket ${id}`;

const factsOf = (ticket: Ticket): TicketFacts => ({
  source: sourceOf(ticket.id),
  hash: digestOf(ticket),
  approved: ticket.status === 'approved',
  status: ticket.reason === undefined ? ticket.status : `${ticket.status}: ${ticket.reason}`,
  openedBy: ticket.openedBy,
  approvedBy: ticket.approvals.map(({ by }) => by),
  about: [ticket.strategy, ticket.environment],
});
