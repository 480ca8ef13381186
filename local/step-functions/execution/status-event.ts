import { machineArn } from '../arn.ts';
import type { ExecutionRow } from '../journal/executions.ts';

/** The event EventBridge carries for every change of an execution's status. Times in `detail` are ms since the epoch. */
export interface StatusEvent {
  readonly version: '0';
  readonly id: string;
  readonly source: 'aws.states';
  readonly 'detail-type': 'Step Functions Execution Status Change';
  readonly account: string;
  readonly region: string;
  /** ISO 8601, UTC */
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly executionArn: string;
    readonly stateMachineArn: string;
    readonly name: string;
    readonly status: ExecutionRow['status'];
    readonly startDate: number;
    readonly stopDate: number | null;
    readonly input: string;
    readonly output: string | null;
    readonly error: string | null;
    readonly cause: string | null;
  };
}

/** Makes the status event of an execution as its row stands. `id` is derived by the caller, so a repeat can be known. */
export function statusEvent(
  row: Omit<ExecutionRow, 'id' | 'definition' | 'role'>,
  region: string,
  id: string,
): StatusEvent {
  return {
    version: '0',
    id,
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    account: '000000000000',
    region,
    time: new Date(row.stopped ?? row.started).toISOString(),
    resources: [row.arn],
    detail: {
      executionArn: row.arn,
      stateMachineArn: machineArn(region, row.machine),
      name: row.name,
      status: row.status,
      startDate: row.started,
      stopDate: row.stopped,
      input: row.input,
      output: row.output,
      error: row.error,
      cause: row.cause,
    },
  };
}
