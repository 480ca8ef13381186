import { machineArn } from '../arn.ts';
import type { Cancellation } from '../cancellation.ts';
import type { Resource } from '../definition/resources.ts';
import { emit } from '../execution/history.ts';
import { commit, type Line, save, type TaskProgress } from '../execution/line.ts';
import { type ExecutionRow, findExecution } from '../journal/executions.ts';
import { isObject, type Json } from '../json.ts';
import { ServiceError } from '../service-error.ts';
import { taskFailure } from './task-failure.ts';

/** `states:startExecution`: starts another machine and answers with its execution. */
export function startChild(
  line: Line,
  resource: Resource,
  task: TaskProgress,
): { ExecutionArn: string; StartDate: number } {
  const { StateMachineArn: machine, Input: input, Name: name } = isObject(task.arguments) ? task.arguments : {};
  try {
    const { arn, startedAt } = line.run.engine.start({
      machineArn: String(machine),
      name: typeof name === 'string' ? name : task.childName,
      input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
    });
    return { ExecutionArn: arn, StartDate: startedAt };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const code = `Service: AWSStepFunctions; Status Code: ${error.status}; Error Code: ${error.name}`;
    const cause = `${error.message} (${code}; Request ID: ${line.run.engine.ports.id()}; Proxy: null)`;
    throw taskFailure(resource, { error: `StepFunctions.${error.name}Exception`, cause });
  }
}

/**
 * `startExecution.sync` and `.sync:2`: also waits for the end of the child. The start and its TaskSubmitted are one
 * transaction, so a crash never starts a second child.
 */
export async function runChild(
  line: Line,
  resource: Resource,
  task: TaskProgress,
  cancellation: Cancellation,
): Promise<Json> {
  const { journal, completions } = line.run.engine;
  if (task.submitted === undefined) {
    const started = startChild(line, resource, task);
    commit(line, () => {
      const { resourceType, resource: name } = resource;
      emit(line, 'TaskSubmitted', { resourceType, resource: name, output: JSON.stringify(started) });
      task.submitted = started.ExecutionArn;
      save(line);
    });
  }
  const arn = task.submitted ?? '';
  if (findExecution(journal, arn)?.status === 'RUNNING') {
    await new Promise<void>((resolve) => {
      const listeners = completions.get(arn) ?? new Set();
      completions.set(arn, listeners.add(resolve));
      cancellation.onCancel(() => listeners.delete(resolve));
    });
  }
  const row = findExecution(journal, arn);
  if (!row) throw new Error(`the journal lost ${arn}`);
  if (row.status === 'SUCCEEDED') return describe(line, row, resource.resource.endsWith(':2'));
  throw taskFailure(resource, { error: 'States.TaskFailed', cause: JSON.stringify(describe(line, row, false)) });
}

function describe(line: Line, row: ExecutionRow, asValues: boolean): Json {
  const data = (text: string): Json => (asValues ? JSON.parse(text) : text);
  return {
    ExecutionArn: row.arn,
    Input: data(row.input),
    InputDetails: { Included: true },
    Name: row.name,
    ...(row.output !== null && { Output: data(row.output), OutputDetails: { Included: true } }),
    ...(row.error !== null && { Error: row.error }),
    ...(row.cause !== null && { Cause: row.cause }),
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    RedriveStatusReason: `Execution is ${row.status} and cannot be redriven`,
    StartDate: row.started,
    StateMachineArn: machineArn(line.run.engine.region, row.machine),
    Status: row.status,
    StopDate: row.stopped,
  };
}
