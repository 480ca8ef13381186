import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep } from '../run-step.ts';
import { ValidationRequest } from './request-validation.ts';

/** The recorded intent of a validation and what was asked for. Refuses a machine that was started by hand, and a run of another machine. */
export async function readValidation(
  command: Pick<RunStep, 'runId'>,
  ports: Pick<Ports, 'records'>,
): Promise<{ run: Run; request: ValidationRequest }> {
  const run = await readRun(command, ports);
  if (run.machine === 'validate') return { run, request: ValidationRequest.parse(run.request) };
  throw new Refusal(
    'NoIntent',
    `${run.id} is a run of ${run.machine}`,
    'use the API or the CLI, not the Step Functions console',
  );
}
