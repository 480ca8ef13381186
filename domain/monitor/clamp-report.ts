import type * as z from 'zod';
import { LeaseRequest } from '../engine/lease-request.ts';
import { type Believed, believed, type ClampCode, type Clamped, leftOut, shown } from './clamp.ts';
import { clampHeartbeats } from './clamp-heartbeats.ts';
import { clampRoundTrips } from './clamp-round-trips.ts';

const { openOrders, queueBacklog, positions, targets, pnl, sentAt, processId, venueHalts } = LeaseRequest.shape;

/** Beyond any quantity, price or money there is; products of two of them are still numbers. */
const IMPOSSIBLE = 1e15;

/**
 * The metrics of a renewal as they may be believed (issue: bad input). Each is judged alone: what cannot be read is left out, so that it counts as missing, and
 * said in `clamped`. Positions and targets are believed whole or not at all: fewer than there are would look like less risk.
 * What an engine does not have to send is missed by nobody.
 */
export function clampReport(told: Readonly<Record<string, unknown>>, now: Date) {
  const sent = maybe(told['sentAt'], sentAt, 'sent-at-unreadable');
  const parts = {
    sentAt: sent,
    processId: maybe(told['processId'], processId, 'process-id-unreadable'),
    openOrders: one(told['openOrders'], openOrders, 'open-orders-unreadable'),
    queueBacklog: one(told['queueBacklog'], queueBacklog, 'queue-backlog-unreadable'),
    positions: one(told['positions'], positions, 'positions-unreadable'),
    targets: maybe(told['targets'], targets, 'targets-unreadable'),
    pnl: one(told['pnl'], pnl, 'pnl-unreadable'),
    roundTrip: clampRoundTrips(told['roundTrip']),
    heartbeats: clampHeartbeats(told['heartbeats'], new Date(sent.value ?? now)),
    venueHalts: maybe(told['venueHalts'], venueHalts, 'venue-halts-unreadable'),
  };
  return {
    sentAt: parts.sentAt.value,
    processId: parts.processId.value,
    openOrders: parts.openOrders.value,
    queueBacklog: parts.queueBacklog.value,
    positions: parts.positions.value,
    targets: parts.targets.value,
    pnl: parts.pnl.value,
    roundTrip: parts.roundTrip.value,
    heartbeats: parts.heartbeats.value,
    venueHalts: parts.venueHalts.value,
    clamped: Object.values(parts).flatMap(({ clamped }): readonly Clamped[] => clamped),
  };
}
export type ClampedReport = ReturnType<typeof clampReport>;

/** What an engine has to send. */
function one<Schema extends z.ZodType>(
  told: unknown,
  schema: Schema,
  code: ClampCode,
): Believed<z.output<Schema> | undefined> {
  const { success, data, error } = schema.safeParse(told);
  if (success)
    return isPossible(data)
      ? believed(data)
      : leftOut(code, `numbers beyond all measure, or broken letters, in ${shown(told)}`);
  const [issue] = error.issues;
  return leftOut(code, `${issue?.path.join('.') || 'it'}: ${issue?.message} in ${shown(told)}`);
}

/** What it may leave out. */
const maybe = <Schema extends z.ZodType>(
  told: unknown,
  schema: Schema,
  code: ClampCode,
): Believed<z.output<Schema> | undefined> => (told === undefined ? believed(undefined) : one(told, schema, code));

/** What the ledger could not hold would keep every alert and act that names it from being written. */
function isPossible(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Math.abs(value) <= IMPOSSIBLE;
  return typeof value !== 'object' || value === null || Object.values(value).every(isPossible);
}
