import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { refuseLocked } from '../lock/refuse-locked.ts';
import { heldUntil } from '../lock/renew-lock.ts';
import { takeOver } from '../lock/take-over.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';

/** What every later state carries: the run with the epoch that its lock was taken at, and that it has one. */
export type Locked = StepResult & RunStep & { locked: true };

/** Runbook 2.1: nobody else can edit or launch the strategy until this run releases it. Returns what later states pass on. */
export async function lockDeployment(command: RunStep, ports: Ports): Promise<Locked> {
  const run = await readRun(command, ports);
  return runStep(command, 'LockDeployment', (state) => takeLock(state, run, ports.now()), ports);
}

/**
 * The rule: an unexpired lock of another run refuses, and the second who asks learns who holds it. One that has expired is taken
 * over, at a new epoch, which is the run's from then on.
 */
export function takeLock(before: Strategy, run: Run, now: Date): Decision<Locked> | Refusal {
  const refusal = refuseLocked(before, run.id, now);
  if (refusal) return refusal;
  const by = { runId: run.id, actor: run.requestedBy };
  const { state, entries } = takeOver(before, by, now);
  const ticket = run.ticket ?? state.run?.ticket;
  const expiresAt = heldUntil([], now);
  const held = { action: run.machine, ...(ticket !== undefined && { ticket }) };
  const { id, epoch } = state;
  return {
    state: { ...state, lock: { ...by, ...held, acquiredAt: now.toISOString(), expiresAt } },
    entries: [
      ...entries,
      { type: 'orchestrator.lock', actor: by.actor, run: run.id, payload: { expiresAt, ...held, epoch } },
    ],
    records: epoch === run.epoch ? [] : [{ kind: 'RUN', record: { ...run, epoch } }],
    reply: {
      ...{ strategyId: id, runId: run.id, epoch, locked: true },
      ...{ summary: `locked ${id} until ${expiresAt}; each step renews that`, verdict: 'done' },
    },
  };
}
