import type { ActorId } from '../ids.ts';
import type { LogDecision } from '../ports/strategies.ts';
import type { Ticket, TicketLink } from './ticket.ts';
import { ticketEntry } from './ticket-entry.ts';

/** As many as a ticket holds; the newest stay. All of them stand in the log. */
const MOST_LINKS = 50;

/** Notes at a ticket where the archive of a run is. Answers whether there is such a ticket; the same run again changes nothing. */
export function linkTicket(
  known: Ticket | undefined,
  id: string,
  link: TicketLink,
  actor: ActorId,
): LogDecision<boolean> {
  if (!known) return { entries: [{ type: 'ticket.link-lost', actor, payload: { ticket: id, link } }], reply: false };
  const links = [...(known.links ?? []).filter(({ run }) => run !== link.run), link].slice(-MOST_LINKS);
  const record = { ...known, links, version: known.version + 1 };
  return {
    entries: [ticketEntry('linked', record, { subject: actor }, { link })],
    records: [{ kind: 'TICKET', record }],
    reply: true,
  };
}
