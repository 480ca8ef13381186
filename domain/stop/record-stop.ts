import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { Run } from '../control-record.ts';
import { transition } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';

/** Runbook 4.6: records the stop with its ticket, releases the lock, and the strategy is OFF. */
export function recordStop(state: Strategy, { runId }: RunStep, run: Run, now: Date): Decision<StepResult> | Refusal {
  const mode = transition(state.mode, 'stopped');
  if (mode instanceof Refusal) return mode;
  const { lock: _released, run: _ended, ...rest } = state;
  const ticket = run.ticket === undefined ? {} : { ticket: run.ticket };
  return {
    state: { ...rest, mode, maxOrdersPerSec: 0 },
    entries: [{ type: 'stop.confirmed', actor: run.requestedBy, run: runId, ...ticket, payload: { stopped: run.request['stops'] ?? null } }],
    records: announce('halt-confirmed', { strategyId: state.id, runId }, now),
    reply: { summary: `${state.id} is off, its lock is released`, verdict: 'done' },
  };
}
