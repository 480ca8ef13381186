import { machineArn, machineNameOf } from '../arn.ts';
import type { Engine } from '../engine.ts';
import { type ExecutionRow, findExecution, listExecutions } from '../journal/executions.ts';
import { findMachine } from '../journal/machines.ts';
import { ServiceError } from '../service-error.ts';
import { historyPage } from './history-page.ts';
import { maxResults, type Operation, optionalText, pageToken, readToken, seconds, text } from './operation.ts';

function required(engine: Engine, arn: string): ExecutionRow {
  const row = findExecution(engine.journal, arn);
  if (row) return row;
  throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

const start: Operation = (engine, body) => {
  const { arn, startedAt } = engine.start({
    machineArn: text(body, 'stateMachineArn'),
    name: optionalText(body, 'name'),
    input: optionalText(body, 'input') ?? '{}',
  });
  return { executionArn: arn, startDate: seconds(startedAt) };
};

const stop: Operation = (engine, body) => {
  const error = optionalText(body, 'error');
  const cause = optionalText(body, 'cause');
  const arn = text(body, 'executionArn');
  const stopped = engine.stop(arn, { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
  return { stopDate: seconds(stopped) };
};

const describe: Operation = (engine, body) => {
  const row = required(engine, text(body, 'executionArn'));
  return {
    ...summary(engine, row),
    input: row.input,
    inputDetails: { included: true },
    ...(row.output !== null && { output: row.output, outputDetails: { included: true } }),
    ...(row.error !== null && { error: row.error }),
    ...(row.cause !== null && { cause: row.cause }),
  };
};

function summary({ region }: Engine, { arn, machine, name, status, started, stopped }: ExecutionRow) {
  return {
    executionArn: arn,
    stateMachineArn: machineArn(region, machine),
    name,
    status,
    startDate: seconds(started),
    ...(stopped !== null && { stopDate: seconds(stopped) }),
    redriveCount: 0,
  };
}

const list: Operation = (engine, body) => {
  const machine = machineNameOf(text(body, 'stateMachineArn'));
  if (!findMachine(engine.journal, machine)) {
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machine}'`);
  }
  const limit = maxResults(body);
  const before = Number(readToken(body) ?? Number.MAX_SAFE_INTEGER);
  const status = optionalText(body, 'statusFilter') ?? null;
  const rows = listExecutions(engine.journal, { machine, status, before, limit: limit + 1 });
  const page = rows.slice(0, limit);
  return {
    executions: page.map((row) => summary(engine, row)),
    ...(rows.length > limit && { nextToken: pageToken(page.at(-1)?.id ?? 0) }),
  };
};

const history: Operation = (engine, body) => historyPage(engine, required(engine, text(body, 'executionArn')), body);

/** Operations on executions. */
export const executionOperations: Readonly<Record<string, Operation>> = {
  StartExecution: start,
  StopExecution: stop,
  DescribeExecution: describe,
  ListExecutions: list,
  GetExecutionHistory: history,
};
