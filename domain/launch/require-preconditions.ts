import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { RunStep, runStep, type StepResult } from '../run-step.ts';
import { GateResult, refusalOf } from './finding.ts';

export const RequirePreconditions = RunStep.extend({ gates: z.array(GateResult).min(1) });
export type RequirePreconditions = z.infer<typeof RequirePreconditions>;

/** Runbook 1: records what every precondition gate found in one entry, go or no-go, and refuses with the first no and all findings. */
export async function requirePreconditions(command: RequirePreconditions, ports: Ports): Promise<StepResult> {
  const { gates, runId } = command;
  const { requestedBy } = await readRun(command, ports);
  const refusal = refusalOf(gates);
  const verdict = refusal ? 'no-go' : 'go';
  const result = await runStep(
    command,
    'RequirePreconditions',
    (state) => ({
      state,
      entries: [{ type: 'gates.judged', actor: requestedBy, run: runId, payload: { verdict, gates } }],
      reply: { summary: gates.map(({ summary }) => summary).join('; '), verdict },
    }),
    ports,
  );
  if (refusal) throw refusal;
  return result;
}
