import * as z from 'zod';
import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Failure, Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { transition } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { failureOf } from './failure-of.ts';

export const ReleaseDeployment = RunStep.extend({
  failure: z.object({ Error: z.string().nullish(), Cause: z.string().nullish() }),
});
export type ReleaseDeployment = z.infer<typeof ReleaseDeployment>;

/** Undoes 'Lock deployment' and the intent itself: the strategy is OFF again, unlocked, and everybody is told why it was not launched. A no-op where another run, a stop or a kill has taken over. */
export async function releaseDeployment(command: ReleaseDeployment, ports: Ports): Promise<StepResult> {
  const run = await readRun(command, ports);
  const failure = failureOf(command.failure);
  const changed = await change(
    command.strategyId,
    stepKey(command, 'ReleaseDeployment'),
    (state) => release(state, run, failure, ports.now()),
    ports,
  );
  return withLedgerIndex(changed);
}

/** The rule: withdraws what this run still holds, and records its failure. */
export function release(state: Strategy, run: Run, failure: Failure, now: Date): Decision<StepResult> {
  const { lock, run: current, ...rest } = state;
  const mode = current?.id === run.id ? transition(state.mode, 'withdraw') : state.mode;
  const withdrawn = !(mode instanceof Refusal) && current?.id === run.id;
  const kept = { ...(lock && lock.runId !== run.id && { lock }), ...(current && !withdrawn && { run: current }) };
  return {
    state: { ...rest, ...kept, mode: mode instanceof Refusal ? state.mode : mode },
    entries: [
      {
        type: 'launch.withdrawn',
        actor: run.requestedBy,
        run: run.id,
        payload: { failure, mode: mode instanceof Refusal ? state.mode : mode },
      },
    ],
    records: [
      { kind: 'RUN', record: { ...run, failure, summary: `not launched: ${failure.message}` } },
      ...announce('launch-withdrawn', { strategyId: state.id, runId: run.id, reason: failure.message }, now),
    ],
    reply: { summary: `not launched: ${failure.message}`, verdict: 'done' },
  };
}
