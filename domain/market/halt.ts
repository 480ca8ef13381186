import * as z from 'zod';
import { ActorId } from '../ids.ts';
import { Mic } from './calendar.ts';

/** Trading stopped at a venue, or for one instrument of it (runbook 1.3): said by a person, or by an engine that was told by the venue. */
export const Halt = z.object({
  id: z.string().regex(/^halt-[0-9a-f]{12}$/),
  instrument: z.string().min(1).max(64).optional(),
  reason: z.string().min(1).max(500),
  since: z.iso.datetime(),
  /** When trading resumes, where that is known: from then on the halt holds nobody up. */
  until: z.iso.datetime().optional(),
  source: z.enum(['person', 'engine']),
  by: ActorId,
  /** Of an engine's report: `<strategy>/<instance>`, which alone ends it by not reporting it any more. */
  reportedBy: z.string().optional(),
  endedAt: z.iso.datetime().optional(),
  endedBy: ActorId.optional(),
});
export type Halt = z.infer<typeof Halt>;

/** All halts of a venue in one record, so that one strongly consistent read tells them: those that stand, and the last that ended. */
export const VenueHalts = z.object({ id: Mic, halts: z.array(Halt).max(200), at: z.iso.datetime() });
export type VenueHalts = z.infer<typeof VenueHalts>;

/** A trading halt that a venue has told an engine about, as the engine reports it with its lease. */
export const ReportedHalt = z.object({
  venue: z.string().min(1).max(12),
  instrument: z.string().min(1).max(64).optional(),
  since: z.iso.datetime(),
  reason: z.string().max(2_000),
});
export type ReportedHalt = z.infer<typeof ReportedHalt>;

/** Ended ones that are kept to be shown; the ledger keeps all. */
const KEPT = 20;

/** Whether a halt holds anybody up at that moment. */
export const stands = ({ endedAt, until }: Halt, now: Date): boolean =>
  endedAt === undefined && (until === undefined || now.toISOString() < until);

/** The halts that stand, newest first. */
export const standingHalts = (venue: Pick<VenueHalts, 'halts'> | undefined, now: Date): Halt[] =>
  (venue?.halts ?? [])
    .filter((halt) => stands(halt, now))
    .toSorted((a, b) => Number(a.since < b.since) - Number(a.since > b.since));

/** The record to store: what does not stand any more goes, oldest first, beyond the last 20. */
export function keptHalts(mic: Mic, halts: readonly Halt[], now: Date): VenueHalts {
  const over = halts.filter((halt) => !stands(halt, now)).slice(-KEPT);
  return { id: mic, halts: [...over, ...halts.filter((halt) => stands(halt, now))], at: now.toISOString() };
}
