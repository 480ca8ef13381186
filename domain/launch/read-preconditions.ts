import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import { type RunStep, stepKey } from '../run-step.ts';
import { GateResult } from './finding.ts';

/** A gate in one line, as those who sign the plan read it. */
export const JudgedGate = GateResult.pick({ gate: true, verdict: true, summary: true });
export type JudgedGate = z.infer<typeof JudgedGate>;

const Reply = z.object({ gates: z.array(JudgedGate) });

/** What the preconditions of a run found, as recorded by 'Require preconditions'; nothing where that has not happened. */
export async function readPreconditions(
  run: RunStep,
  { records }: { readonly records: Pick<Ports['records'], 'get'> },
): Promise<JudgedGate[]> {
  const command = await records.get('COMMAND', stepKey(run, 'RequirePreconditions').key);
  return Reply.safeParse(command?.reply).data?.gates ?? [];
}
