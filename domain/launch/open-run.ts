import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import type { ActorId } from '../ids.ts';
import type { Strategy } from '../strategy.ts';

/** Runbook 6, first row: tells everybody that the launch begins. */
export function openRun(state: Strategy, { runId }: RunStep, actor: ActorId, now: Date): Decision<StepResult> {
  return {
    state,
    entries: [{ type: 'launch.opened', actor, run: runId, payload: { epoch: state.epoch } }],
    records: announce('launch-start', { strategyId: state.id, runId }, now),
    reply: { summary: `announced the launch of ${state.id}`, verdict: 'done' },
  };
}
