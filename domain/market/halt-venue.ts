import * as z from 'zod';
import type { Changed } from '../change.ts';
import { changeLog } from '../change-log.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { ActorId } from '../ids.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type Halt, keptHalts, standingHalts, type VenueHalts } from './halt.ts';
import { venueIn } from './venue-in.ts';

const MAX_STANDING = 100;
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'no control characters');

/** What somebody who knows of a halt says about it. `until` is when trading resumes, where the venue has said so. */
export const HaltRequest = z.strictObject({
  reason: text(500),
  instrument: text(64).optional(),
  until: z.iso.datetime().optional(),
});
export type HaltRequest = z.infer<typeof HaltRequest>;

export type HaltVenue = {
  readonly mic: string;
  readonly actor: ActorId;
  readonly key: string;
  readonly request: HaltRequest;
};
export type Halted = { readonly mic: string; readonly halt: Halt; readonly summary: string };
export type HaltPorts = Pick<Ports, 'records' | 'now'> & { readonly ledger: Pick<Ports['ledger'], 'commitTo'> };

/** The ledger of what concerns no single strategy. */
export const DESK = LogId.parse('desk');

/** Runbook 1.3: no launch trades there while the halt stands. Safer, so one person alone says it. Throws UnknownVenue, and InvalidRequest for an end that is over already or for too many halts. */
export async function haltVenue({ mic, actor, key, request }: HaltVenue, ports: HaltPorts): Promise<Changed<Halted>> {
  const { id: venue } = await venueIn(mic, ports);
  const halt = { id: haltId(key), ...request, source: 'person' as const, by: actor };
  return changeLog(
    DESK,
    { key, body: { halt: venue, ...request } },
    async () => decide(venue, halt, await ports.records.get('HALT', venue), ports.now()),
    ports,
  );
}

function decide(mic: string, halt: Omit<Halt, 'since'>, before: VenueHalts | undefined, now: Date) {
  if (halt.until !== undefined && halt.until <= now.toISOString())
    return new Refusal('InvalidRequest', `${halt.until} is over already`, 'leave out when it ends, if nobody knows');
  if (standingHalts(before, now).length >= MAX_STANDING)
    return new Refusal('InvalidRequest', `${mic} has ${MAX_STANDING} halts`, 'end those that are over');
  const made: Halt = { ...halt, since: now.toISOString() };
  return {
    entries: [{ type: 'venue.halted', actor: halt.by, payload: { mic, halt: made } }],
    records: [{ kind: 'HALT' as const, record: keptHalts(mic, [...(before?.halts ?? []), made], now) }],
    reply: { mic, halt: made, summary: `${what(mic, made)} is halted: ${made.reason}` },
  };
}

/** An id that the same command finds again when it is repeated. */
export const haltId = (key: string): string => `halt-${sha256(`halt/${key}`).toString('hex').slice(0, 12)}`;

/** The venue, or the instrument of it, that a halt is about. */
export const what = (mic: string, { instrument }: Pick<Halt, 'instrument'>): string =>
  instrument === undefined ? mic : `${instrument} at ${mic}`;
