import type { ControlRecord } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { RunId } from '../ids.ts';

/** How long a lock lasts after the write that took or renewed it: longer than any state of a machine that waits for nobody. */
export const LOCK_MS = 6 * 60_000;

/**
 * Runbook 2.1: each step of a run renews its lock in the write that it makes anyway, so that the entry says it and nothing else has
 * to be written. A step that asks people holds the lock until their question expires. A run that has let go of it, or
 * never held it, gets none.
 */
export function renewLock<Reply>(decision: Decision<Reply>, runId: RunId, now: Date): Decision<Reply> {
  const { state, entries, records = [] } = decision;
  if (state.lock?.runId !== runId || entries.length === 0) return decision;
  const ticket = state.run?.ticket; // known for sure when the manifest has been read
  const lock = { ...state.lock, ...(ticket !== undefined && { ticket }), expiresAt: heldUntil(records, now) };
  return { ...decision, state: { ...state, lock } };
}

/** When a lock ends that is taken or renewed now, in a write with these records. */
export function heldUntil(records: readonly ControlRecord[], now: Date): string {
  const questions = records.flatMap(({ kind, record }) =>
    kind === 'APPROVAL' && record.status === 'open' ? [Date.parse(record.expiresAt)] : [],
  );
  return new Date(Math.max(now.getTime(), ...questions) + LOCK_MS).toISOString();
}
