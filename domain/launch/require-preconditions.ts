import type { Decision } from '../decision.ts';
import type { ActorId } from '../ids.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import type { GateResult } from './finding.ts';

/** Runbook 1: records what every precondition gate found, go or no-go, in one entry. */
export function requirePreconditions(state: Strategy, { runId }: RunStep, gates: readonly GateResult[], actor: ActorId): Decision<StepResult> {
  const verdict = gates.length > 0 && gates.every((gate) => gate.verdict === 'go') ? 'go' : 'no-go';
  return {
    state,
    entries: [{ type: 'gates.judged', actor, run: runId, payload: { verdict, gates } }],
    reply: { summary: gates.map(({ summary }) => summary).join('; '), verdict },
  };
}
