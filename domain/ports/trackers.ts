import type { Digest } from '../ids.ts';

/** A ticket as its tracker shows it now. People are named as the tracker names them. */
export type TicketFacts = {
  /** Where it was read, for a person to look there too. */
  readonly source: string;
  /** Digest of what was read. */
  readonly hash: Digest;
  /** Whether the tracker says that it is approved, and how it says that. */
  readonly approved: boolean;
  readonly status: string;
  readonly openedBy: string;
  readonly approvedBy: readonly string[];
  /** What it is about: words that stand in its fields, or in the text that people wrote. */
  readonly about: readonly string[];
  /** The commit that was approved, where the tracker knows one. */
  readonly commit?: string | undefined;
};

/** Why there are no facts. `missing` where the tracker says that there is no such ticket, else it could not be read. */
export type NoTicket = { readonly source: string; readonly missing: boolean; readonly problem: string };

/** What is written below a ticket. `marker` stands in the text, and nowhere else. */
export type TicketComment = { readonly text: string; readonly marker: string };

/** Ticket trackers of others. An answer that is none is a `NoTicket`, never a guess; nothing is thrown for what a tracker says. */
export interface Trackers {
  read(ref: string): Promise<TicketFacts | NoTicket>;
  /** Writes below a ticket, unless something with that marker stands there already; or says why it could not. */
  comment(ref: string, comment: TicketComment): Promise<{ readonly problem?: string }>;
}
