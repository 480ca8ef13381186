import * as z from 'zod';
import { withOverrides } from '../override/with-overrides.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { RunStep, runStep, type StepResult } from '../run-step.ts';
import { GateResult, passes, refusalOf, worstVerdict } from './finding.ts';
import { judgedManifests } from './judged-manifests.ts';
import { PRECONDITIONS } from './run-files.ts';

export const RequirePreconditions = RunStep.extend({ gates: z.array(GateResult).min(1) });
export type RequirePreconditions = z.infer<typeof RequirePreconditions>;

/** Runbook 1: records what every precondition gate found in one entry: go, no-go or postponed, and refuses with the first no and all findings. */
export async function requirePreconditions(command: RequirePreconditions, ports: Ports): Promise<StepResult> {
  const { runId } = command;
  const gates = await withOverrides(command.gates, command, ports);
  const run = await readRun(command, ports);
  const { requestedBy } = run;
  const refusal = refusalOf(gates);
  const worst = worstVerdict(gates.map(({ verdict: found }) => found));
  const verdict = passes(worst) ? 'go' : worst;
  const report = await writeRunEvidence(run, PRECONDITIONS, { v: 1, run: runId, verdict, gates }, ports);
  const result = await runStep(
    command,
    'RequirePreconditions',
    (state) => ({
      state,
      entries: [{ type: 'gates.judged', actor: requestedBy, run: runId, payload: { verdict, gates, report } }],
      reply: {
        summary: gates.map(({ summary }) => summary).join('; '),
        verdict,
        preconditionsDigest: report.hash,
        manifests: judgedManifests(command.strategyId, gates),
        gates: gates.map(({ gate, verdict: found, summary }) => ({ gate, verdict: found, summary })),
      },
    }),
    ports,
  );
  if (refusal) throw refusal;
  return result;
}
