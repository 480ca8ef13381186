import { readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { enginesOf } from '../engine-instances.ts';
import { transition } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';

const DEADLINE_MS = 1_000;

/**
 * Runbook 4.6: records the stop with its ticket, releases the lock, and the strategy is OFF. The engines are told at once, so that
 * they can be deployed to again; one that is not reached learns it from its next lease.
 */
export async function recordStop(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const result = await runStep(command, 'RecordStop', (state) => endStop(state, run, ports.now()), ports);
  const { strategyId, epoch, runId } = command;
  const order = { strategyId, epoch, commandId: `${runId}/off`, mode: 'SAFE' as const };
  await Promise.allSettled(
    enginesOf(registration).map((instance) => ports.engines.mode(instance, order, { deadlineMs: DEADLINE_MS })),
  );
  return result;
}

/** The rule: only a strategy that is stopping ends here. */
export function endStop(state: Strategy, run: Run, now: Date): Decision<StepResult> | Refusal {
  const mode = transition(state.mode, 'stopped');
  if (mode instanceof Refusal) return mode;
  const { lock: _released, run: _ended, ...rest } = state;
  const ticket = run.ticket === undefined ? {} : { ticket: run.ticket };
  return {
    state: { ...rest, mode, maxOrdersPerSec: 0 },
    entries: [
      {
        type: 'stop.confirmed',
        actor: run.requestedBy,
        run: run.id,
        ...ticket,
        payload: { stopped: run.request['stops'] },
      },
    ],
    records: announce('halt-confirmed', { strategyId: state.id, runId: run.id }, now),
    reply: { summary: `${state.id} is off, its lock is released`, verdict: 'done' },
  };
}
