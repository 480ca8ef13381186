import type { ActorId, RunId } from '../ids.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import { transition } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';

type TakenOver = { readonly state: Strategy; readonly entries: readonly NewEntry[] };

/**
 * Runbook 2.1: whoever wants a strategy whose lock another run has let expire takes it over. The epoch rises, so that nothing which
 * that run still does counts, and the ledger says from whom. A launch that is taken over is withdrawn; a strategy that was
 * trading, or stops, stays what it is. Changes nothing where no lock of another run has expired.
 */
export function takeOver(state: Strategy, by: { runId: RunId; actor: ActorId }, now: Date): TakenOver {
  const { lock, ...rest } = state;
  if (!lock || lock.runId === by.runId || lock.expiresAt > now.toISOString()) return { state, entries: [] };
  const { runId: from, actor: heldBy, action = 'run', ticket, acquiredAt: since, expiresAt: until } = lock;
  const epoch = state.epoch + 1;
  const payload = { from, heldBy, action, ...(ticket !== undefined && { ticket }), since, until, epoch };
  return {
    state: withoutLaunchOf(from, { ...rest, epoch }),
    entries: [{ type: 'orchestrator.takeover', actor: by.actor, run: by.runId, payload }],
  };
}

function withoutLaunchOf(from: RunId, state: Strategy): Strategy {
  const { run, ...rest } = state;
  const mode = transition(state.mode, 'withdraw');
  if (state.mode !== 'LAUNCHING' || run?.id !== from || mode instanceof Refusal) return state;
  return { ...rest, mode };
}
