import { executionArn, machineArn, machineNameOf } from '../arn.ts';
import type { Engine, StartRequest } from '../engine.ts';
import { type ExecutionRow, findExecution, insertExecution } from '../journal/executions.ts';
import { saveLine } from '../journal/lines.ts';
import { findMachine, type MachineRow } from '../journal/machines.ts';
import { enqueueStatus } from '../journal/outbox.ts';
import { isOversize, parseJson } from '../json.ts';
import { ServiceError } from '../service-error.ts';
import { createRun } from './create-run.ts';
import { record } from './history.ts';
import { runExecution } from './run-execution.ts';
import { statusEvent } from './status-event.ts';

const NAME = /^[0-9A-Za-z_-]{1,80}$/;

/**
 * Starts an execution. The same name with the same input while it runs is the same start; otherwise a used name is
 * refused with ExecutionAlreadyExists. Durable when `journal.durable()` resolves.
 */
export function startExecution(engine: Engine, { machineArn: arn, name, input }: StartRequest) {
  const machine = findMachine(engine.journal, machineNameOf(arn));
  if (!machine) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  if (machine.kind === 'EXPRESS') {
    throw new ServiceError('StateMachineTypeNotSupported', 'Express machines are not run here; create it as STANDARD');
  }
  const chosen = name ?? engine.ports.id();
  if (!NAME.test(chosen)) throw new ServiceError('InvalidName', `Invalid Name: '${chosen}'`);
  if (isOversize(input) || parseJson(input) === undefined) {
    throw new ServiceError('InvalidExecutionInput', 'The input must be JSON of at most 262144 bytes');
  }
  const existing = findExecution(engine.journal, executionArn(engine.region, machine.name, chosen));
  return existing ? repeated(existing, input) : begin(engine, machine, { name: chosen, input });
}

function repeated({ arn, status, input: before, started }: ExecutionRow, input: string) {
  if (status === 'RUNNING' && before === input) return { arn, startedAt: started };
  throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
}

function begin(engine: Engine, machine: MachineRow, { name, input }: { name: string; input: string }) {
  const { journal, ports, region } = engine;
  const { definition, role } = machine;
  const arn = executionArn(region, machine.name, name);
  const row = { arn, machine: machine.name, name, definition, role, input, started: ports.clock.now() };
  const run = journal.write(() => {
    const made = createRun(engine, { ...row, id: insertExecution(journal, row) });
    record(made, 'ExecutionStarted', { input, roleArn: role, stateMachineArn: machineArn(region, machine.name) }, 0);
    const cursor = { state: made.machine.StartAt, input: made.input, last: 1 };
    saveLine(journal, made.id, '', JSON.stringify(cursor), '{}');
    const running = { ...row, status: 'RUNNING' as const, output: null, error: null, cause: null, stopped: null };
    enqueueStatus(journal, made.id, JSON.stringify(statusEvent(running, region, ports.id())));
    return made;
  });
  engine.announce();
  void runExecution(run);
  return { arn, startedAt: row.started };
}
