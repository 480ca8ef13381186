import * as z from 'zod';

/** What can be wrong with the metrics of a renewal: each is left out or limited, and then counts as missing; none costs the lease. */
export type ClampCode =
  | 'open-orders-unreadable'
  | 'queue-backlog-unreadable'
  | 'positions-unreadable'
  | 'pnl-unreadable'
  | 'round-trips-unreadable'
  | 'round-trips-too-many'
  | 'heartbeats-unreadable'
  | 'heartbeat-unreadable'
  | 'heartbeat-from-the-future'
  | 'unknown-component'
  | 'sent-at-unreadable'
  | 'clock-jumped'
  | 'process-id-unreadable'
  | 'targets-unreadable'
  | 'venue-halts-unreadable';

/** One thing that was left out or limited: its `ClampCode` (a text here, since every Lambda that reads leases carries this), one sentence, and when by our clock. */
export const Clamp = z.object({ code: z.string(), detail: z.string().max(200), at: z.iso.datetime() });
export type Clamp = z.infer<typeof Clamp>;

/** Before it is stamped. */
export type Clamped = { readonly code: ClampCode; readonly detail: string };

/** A metric as it may be believed, with what was wrong with it. */
export type Believed<Value> = { readonly value: Value; readonly clamped: readonly Clamped[] };

export const believed = <Value>(value: Value): Believed<Value> => ({ value, clamped: [] });

/** Left out, because of that. */
export const leftOut = (code: ClampCode, detail: string): Believed<undefined> => ({
  value: undefined,
  clamped: [{ code, detail: detail.slice(0, 200).toWellFormed() }],
});

/** A value that somebody sent, short enough for a sentence, and whole letters alone: the ledger takes no others. */
export const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60).toWellFormed();
