import type { Decision } from '../decision.ts';
import type { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';

/** The longest a launch can wait for people (30 and 15 minutes) and machines, with a margin: then the lock falls by itself. */
const LOCK_MS = 75 * 60_000;

/** Runbook 2.1: nobody else can edit or launch the strategy until this run releases it. */
export async function lockDeployment(command: RunStep, ports: Ports): Promise<StepResult> {
  const { requestedBy } = await readRun(command, ports);
  return runStep(command, 'LockDeployment', (state) => takeLock(state, command, requestedBy, ports.now()), ports);
}

/** The rule: an unexpired lock of another run refuses, and the second who asks learns who holds it. */
export function takeLock(
  state: Strategy,
  { runId }: Pick<RunStep, 'runId'>,
  actor: ActorId,
  now: Date,
): Decision<StepResult> | Refusal {
  const { id, lock } = state;
  if (lock && lock.runId !== runId && lock.expiresAt > now.toISOString()) {
    return new Refusal('DeploymentLocked', `${id} is being changed by ${lock.runId}`, 'wait for that run to end', {
      heldBy: lock.runId,
      since: lock.acquiredAt,
      until: lock.expiresAt,
    });
  }
  const taken = {
    runId,
    actor,
    acquiredAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + LOCK_MS).toISOString(),
  };
  const takenOver = lock && lock.runId !== runId ? { takenOverFrom: lock.runId } : {};
  return {
    state: { ...state, lock: taken },
    entries: [{ type: 'orchestrator.lock', actor, run: runId, payload: { expiresAt: taken.expiresAt, ...takenOver } }],
    reply: { summary: `locked ${id} until ${taken.expiresAt}`, verdict: 'done' },
  };
}
