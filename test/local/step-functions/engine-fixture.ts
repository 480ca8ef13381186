import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../../local/step-functions/create-engine.ts';
import type { StatusEvent } from '../../../local/step-functions/execution/status-event.ts';
import type { Json } from '../../../local/step-functions/json.ts';
import type { Call } from '../../../local/step-functions/tasks/call.ts';
import { answer } from '../../../local/step-functions/wire/answer.ts';
import { createVirtualClock, quiet } from './virtual-clock.ts';

/** What a function does: returns its result, or throws `FunctionError` for one that failed. */
export type Behaviour = (event: Json, call: number) => Json | Promise<Json>;

/** What the operations answer, as far as tests read it. */
export interface Reply {
  readonly stateMachineArn: string;
  readonly executionArn: string;
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause: string;
  readonly nextToken?: string;
  readonly executions: readonly unknown[];
  readonly events: readonly {
    readonly id: number;
    readonly previousEventId: number;
    readonly type: string;
    readonly stateEnteredEventDetails?: Json;
    readonly stateExitedEventDetails?: Json;
    readonly executionFailedEventDetails?: Json;
  }[];
}

export class FunctionError extends Error {
  override readonly name: string;
  constructor(name: string, message = 'it failed') {
    super(message);
    this.name = name;
  }
}

export const invoke = 'arn:aws:states:::lambda:invoke';
export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** An engine on a journal in a temporary folder, with virtual time, counted ids and functions that are closures. */
export function createFixture(functions: Record<string, Behaviour> = {}, random = () => 0.5) {
  const folder = mkdtempSync(join(tmpdir(), 'step-functions-'));
  const time = createVirtualClock();
  const calls: { name: string; event: Json }[] = [];
  const events: Json[] = [];
  const statuses: StatusEvent[] = [];
  const faults: unknown[] = [];
  let deliver: (event: StatusEvent) => Promise<void> = async (event) => void statuses.push(event);
  let ids = 0;
  const nextId = () => {
    ids += 1;
    return ids;
  };
  const lambda: Call = async ({ path, body }) => {
    const name = decodeURIComponent(path.split('/').at(-2) ?? '');
    const event: Json = body === '' ? {} : JSON.parse(body);
    calls.push({ name, event });
    const behaviour = functions[name];
    if (!behaviour)
      return reply(
        404,
        { Message: `Function not found: ${name}` },
        { 'x-amzn-errortype': 'ResourceNotFoundException' },
      );
    try {
      return reply(200, await behaviour(event, calls.filter((call) => call.name === name).length));
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      const told = { errorType: error.name, errorMessage: error.message, trace: [] };
      return reply(200, told, { 'x-amz-function-error': 'Unhandled' });
    }
  };
  const eventBridge: Call = async ({ body }) => {
    events.push(JSON.parse(body));
    return reply(200, { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] });
  };
  const open = () =>
    createEngine({
      path: join(folder, 'sfn.db'),
      region: 'us-east-1',
      ports: { clock: time.clock, random, id: () => `00000000-0000-4000-8000-${String(nextId()).padStart(12, '0')}` },
      endpoints: { lambda, events: eventBridge },
      deliver: (event) => deliver(event),
      onFault: (fault) => faults.push(fault),
    });
  let opened = open();
  const call = async (operation: string, body: Record<string, Json> = {}) => {
    const answered = await answer(opened.engine, `AWSStepFunctions.${operation}`, JSON.stringify(body));
    const parsed: Reply = JSON.parse(JSON.stringify(answered));
    return parsed;
  };
  return {
    time,
    calls,
    events,
    statuses,
    faults,
    call,
    folder,
    onDeliver: (how: typeof deliver) => {
      deliver = how;
    },
    /** Ends the engine where it stands and opens it again on the same journal. */
    restart: async () => {
      opened.close();
      opened = open();
      await quiet();
    },
    close: () => {
      opened.close();
      rmSync(folder, { recursive: true });
    },
    /** Creates and starts a machine, lets it work, and returns its ARN. */
    start: async (
      states: Record<string, Json>,
      input: Json = {},
      machine: Record<string, Json> = {},
    ): Promise<string> => {
      const [StartAt = ''] = Object.keys(states);
      const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt, States: states, ...machine });
      const { stateMachineArn } = await call('CreateStateMachine', {
        name: `machine-${nextId()}`,
        definition,
        roleArn: 'role',
      });
      const { executionArn } = await call('StartExecution', { stateMachineArn, input: JSON.stringify(input) });
      await quiet();
      return executionArn;
    },
    describe: (executionArn: string) => call('DescribeExecution', { executionArn }),
    /** The history as `id<-previous type`, which is what most rules are about. */
    history: async (executionArn: string): Promise<string[]> => {
      const { events: rows } = await call('GetExecutionHistory', { executionArn, maxResults: 1000 });
      return rows.map(({ id, previousEventId, type }) => `${id}<-${previousEventId} ${type}`);
    },
    output: async (executionArn: string): Promise<Json> => {
      const { status, output, error, cause } = await call('DescribeExecution', { executionArn });
      return output === undefined ? `${status} ${error}: ${cause}` : JSON.parse(output);
    },
  };
}

function reply(status: number, body: Json, headers: Record<string, string> = {}) {
  return { status, headers, body: JSON.stringify(body) };
}
