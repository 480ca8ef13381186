import type { ActorId, RunId } from '../ids.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { Strategy } from '../strategy.ts';

export type Released = { readonly state: Strategy; readonly entries: readonly NewEntry[] };

/** Runbook 2.1: the run lets go of its lock, and the ledger says so. Changes nothing where it holds none. */
export function released(state: Strategy, { runId, actor }: { runId: RunId; actor: ActorId }): Released {
  const { lock, ...rest } = state;
  if (lock?.runId !== runId) return { state, entries: [] };
  return {
    state: rest,
    entries: [{ type: 'orchestrator.released', actor, run: runId, payload: { since: lock.acquiredAt } }],
  };
}
