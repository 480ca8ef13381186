import * as z from 'zod';
import { ActorId, RunId, StrategyId } from '../ids.ts';

/** A ticket with the support of a venue, as somebody logged it (runbook 5.3.2). */
export const VenueTicket = z.object({ ticket: z.string().min(1).max(100), by: ActorId, at: z.iso.datetime() });
export type VenueTicket = z.infer<typeof VenueTicket>;

/**
 * A venue in trouble, as one strategy that trades there sees it (runbook 5.3): the newest such incident, under one name, so that one strongly consistent
 * read tells whether there is one. Earlier ones stand in the ledger, in the runs of their machines, and in `venue_incidents.md`.
 */
export const VenueIncident = z.object({
  /** `<strategy>-<venue>`. */
  id: z.string().regex(/^[0-9A-Za-z_-]{1,100}$/),
  venue: z.string().min(1).max(40),
  strategyId: StrategyId,
  /** The run of the machine that watches it, and the run that traded when it was opened. */
  runId: RunId,
  tradingRun: RunId.optional(),
  /** The newest fifty; the file of the run has all. */
  tickets: z.array(VenueTicket).max(50),
  /** When people were last reminded that there is none. */
  remindedAt: z.iso.datetime().optional(),
  reason: z.string(),
  by: ActorId,
  /** What it was throttled to (runbook 5.3.1). */
  ordersPerSec: z.number().min(0),
  openedAt: z.iso.datetime(),
  /** Not stable by then, the strategy is killed: set once, and never moved. */
  killAt: z.iso.datetime(),
  /** The newest look: when, what was not as it should be, since when nothing was, and how often in a row the venue gave us no usable answer. */
  lookedAt: z.iso.datetime().optional(),
  unstable: z.array(z.string().max(500)).max(20).default([]),
  stableSince: z.iso.datetime().optional(),
  unanswered: z.int().min(0).default(0),
  status: z.enum(['open', 'stable', 'killed', 'closed']),
  endedAt: z.iso.datetime().optional(),
  endedBy: ActorId.optional(),
  /** What came of it, in one sentence. */
  outcome: z.string().max(1_000).optional(),
  version: z.int().min(1),
});
export type VenueIncident = z.infer<typeof VenueIncident>;

/** The incident that one strategy has with one venue. */
export const incidentId = (strategyId: StrategyId, venue: string): string => `${strategyId}-${venue}`;

/** Logs a ticket; one that is logged already, whoever did it, is not logged twice. */
export function withTicket(incident: VenueIncident, ticket: VenueTicket): VenueIncident {
  if (incident.tickets.some((each) => each.ticket === ticket.ticket)) return incident;
  return { ...incident, tickets: [...incident.tickets, ticket].slice(-50) };
}
