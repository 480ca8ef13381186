import type { Caller } from '../approval/caller.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { Ticket } from './ticket.ts';

/** What became of a ticket, for the log `desk`. */
export const ticketEntry = (
  what: 'opened' | 'approved' | 'rejected' | 'closed' | 'linked',
  { id, title, status, strategy, environment, openedBy, reason }: Ticket,
  { subject: actor }: Pick<Caller, 'subject'>,
  more: Readonly<Record<string, unknown>> = {},
): NewEntry => ({
  type: `ticket.${what}`,
  actor,
  ticket: id,
  payload: {
    ticket: id,
    title,
    status,
    strategy,
    environment,
    openedBy,
    ...(reason !== undefined && { reason }),
    ...more,
  },
});
