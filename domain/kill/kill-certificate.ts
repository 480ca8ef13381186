import * as z from 'zod';
import { Positions } from '../engine/position.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { CitedEntry } from './entries-of-kill.ts';
import { type Exposure, Exposure as ExposureSchema, heldOf } from './exposure.ts';
import { type OrderOutcome, ordersOf, silencesOf } from './order-outcomes.ts';

/** What no entry says. */
export const NOT_KNOWN = 'not known';
export type OrNotKnown<T> = T | typeof NOT_KNOWN;

/** What a kill certificate may speak of; all of it is written before the certificate, so that it can be made again at any time. */
const CITED: ReadonlySet<string> = new Set([
  ...['kill.requested', 'kill.reaffirmed', 'kill.halted', 'kill.exposure', 'kill.venue-answered', 'kill.venues-empty'],
  ...['kill.announced', 'kill.unconfirmed', 'kill.confirmed', 'flag.disabled', 'freeze.set'],
  ...['approval.requested', 'approval.signed', 'approval.declined'],
]);

type Signed = { actor: string; at: string; role: OrNotKnown<string>; proofs: OrNotKnown<LedgerEntry['proofs']> };
type Halt = { instanceId: string; status: string; haltedAt: OrNotKnown<string>; resting: OrNotKnown<number> };

export type KillCertificate = {
  v: 1;
  kind: 'kill-certificate';
  strategy: OrNotKnown<string>;
  run: string;
  /** There for a rehearsal only. */
  drill?: true;
  decidedAt: OrNotKnown<string>;
  reason: OrNotKnown<string>;
  initiator: OrNotKnown<Signed>;
  confirmer: OrNotKnown<Signed>;
  /** By the engine's own clock; it may have been halted before the decision. */
  firstEngineHalt: OrNotKnown<{ instanceId: string; at: string }>;
  engines: OrNotKnown<Halt[]>;
  /** When the last venue had said that nothing rests. */
  lastVenueZero: OrNotKnown<string>;
  venues: OrNotKnown<string[]>;
  orders: OrderOutcome[];
  /** Orders that venues counted and their entries did not name. */
  ordersNotNamed: number;
  /** Venues that gave no usable answer at some time, and why. */
  unanswered: { venue: string; at: string; why: string }[];
  exposure: { atKill: OrNotKnown<Exposure>; residual: OrNotKnown<Pick<Exposure, 'currency' | 'venues'>> };
  entries: { log: string; index: number; leafHash: string; type: string; at: string }[];
};

/**
 * The certificate of a kill, made of nothing but the entries that its run left in the ledger: the same entries give the same
 * certificate, in whatever order they come and whatever else is among them. What they do not say is `not known`.
 */
export function killCertificate(run: string, all: readonly CitedEntry[]): KillCertificate {
  const cited = all
    .filter(({ entry }) => entry.run === run && CITED.has(entry.type))
    .toSorted((left, right) => left.index - right.index);
  const entries = cited.map(({ entry }) => entry);
  const of = (type: string) => entries.filter((entry) => entry.type === type);
  const [request] = of('kill.requested');
  const engines = haltsIn(of('kill.halted'));
  const [empty] = of('kill.venues-empty');
  return {
    v: 1,
    kind: 'kill-certificate',
    strategy: request?.log ?? entries[0]?.log ?? NOT_KNOWN,
    run,
    ...(of('kill.announced').some(({ payload }) => payload['drill'] === true) && { drill: true }),
    decidedAt: textOr(request?.payload['decidedAt']),
    reason: textOr(request?.payload['reason']),
    initiator: request ? initiatorIn(request, of('approval.signed')) : NOT_KNOWN,
    confirmer: confirmerIn(of('kill.confirmed'), of('approval.signed')),
    firstEngineHalt: firstOf(engines),
    engines: engines ?? NOT_KNOWN,
    lastVenueZero: empty?.at ?? NOT_KNOWN,
    venues: Emptied.safeParse(empty?.payload).data?.venues.map(({ venue }) => venue) ?? NOT_KNOWN,
    ...ordersOf(of('kill.venue-answered'), empty?.at),
    unanswered: silencesOf(of('kill.venue-answered')),
    exposure: exposureIn(of('kill.exposure'), empty),
    entries: cited.map(({ index, leafHash, entry: { log, type, at } }) => ({ log, index, leafHash, type, at })),
  };
}

const text = z.string();
const textOr = (value: unknown): OrNotKnown<string> => text.safeParse(value).data ?? NOT_KNOWN;
const proofsOr = ({ proofs }: LedgerEntry) => (proofs.length > 0 ? proofs : NOT_KNOWN);

const Latched = z.object({ changes: z.object({ latch: z.object({ initiatorRoles: z.array(z.string()) }) }) });

/** Whoever killed: with what their device signed in the request, or with the signature that they gave after it. */
function initiatorIn(request: LedgerEntry, signatures: readonly LedgerEntry[]): Signed {
  const signature = signatures.findLast(({ actor }) => actor === request.actor);
  const roles = Latched.safeParse(request.payload).data?.changes.latch.initiatorRoles ?? [];
  return {
    actor: request.actor,
    at: textOr(request.payload['decidedAt']),
    role: roles.length > 0 ? roles.join(', ') : NOT_KNOWN,
    proofs: request.proofs.length > 0 || !signature ? proofsOr(request) : proofsOr(signature),
  };
}

/** The person whom `kill.confirmed` names, with the signature that they gave. */
function confirmerIn([confirmed]: LedgerEntry[], signatures: readonly LedgerEntry[]): OrNotKnown<Signed> {
  const actor = text.safeParse(confirmed?.payload['confirmer']).data;
  if (!confirmed || actor === undefined) return NOT_KNOWN;
  const signature = signatures.findLast((entry) => entry.actor === actor);
  return {
    actor,
    at: textOr(confirmed.payload['at']),
    role: textOr(signature?.payload['role']),
    proofs: signature ? proofsOr(signature) : NOT_KNOWN,
  };
}

const Halts = z.object({
  instances: z.array(
    z.object({
      instanceId: z.string(),
      status: z.string(),
      haltedAt: z.iso.datetime().optional(),
      openOrders: z.number().optional(),
    }),
  ),
});

function haltsIn([halted]: LedgerEntry[]): Halt[] | undefined {
  return Halts.safeParse(halted?.payload).data?.instances.map(({ instanceId, status, haltedAt, openOrders }) => ({
    instanceId,
    status,
    haltedAt: haltedAt ?? NOT_KNOWN,
    resting: openOrders ?? NOT_KNOWN,
  }));
}

function firstOf(engines: readonly Halt[] = []): KillCertificate['firstEngineHalt'] {
  const [first] = engines
    .filter(({ haltedAt }) => haltedAt !== NOT_KNOWN)
    .toSorted((left, right) => Date.parse(left.haltedAt) - Date.parse(right.haltedAt));
  return first ? { instanceId: first.instanceId, at: first.haltedAt } : NOT_KNOWN;
}

const Emptied = z.object({
  venues: z.array(z.object({ venue: z.string() })),
  positions: z.array(
    z.object({
      venue: z.string(),
      positions: Positions.shape.positions.optional(),
      unreachable: z.string().optional(),
    }),
  ),
});

/** What was held when the kill came, and what was left when nothing rested any more. */
function exposureIn([recorded]: LedgerEntry[], empty: LedgerEntry | undefined): KillCertificate['exposure'] {
  const atKill = ExposureSchema.safeParse(recorded?.payload['exposure']).data;
  const left = Emptied.safeParse(empty?.payload).data?.positions;
  const venues = left?.map(({ venue, positions, unreachable }) =>
    positions ? { source: venue, positions: heldOf(positions) } : { source: venue, unknown: unreachable ?? NOT_KNOWN },
  );
  return {
    atKill: atKill ?? NOT_KNOWN,
    residual: venues ? { currency: atKill?.currency ?? null, venues } : NOT_KNOWN,
  };
}
