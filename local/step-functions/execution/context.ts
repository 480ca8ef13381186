import { machineArn } from '../arn.ts';
import type { Evaluation } from '../expressions/evaluate-template.ts';
import type { Json } from '../json.ts';
import { current, type Line } from './line.ts';

/** What an expression of the current state can read. `previous` is the predecessor of a failure's event. */
export function evaluation(
  line: Line,
  states: {
    readonly result?: Json;
    readonly errorOutput?: Json;
    readonly token?: string;
    readonly item?: Line['item'];
  } = {},
  previous?: number,
): Evaluation {
  const { visit } = current(line);
  const { token, item = line.item, ...values } = states;
  const context = contextObject(line, token, item);
  return {
    bindings: {
      ...line.run.engine.functions,
      ...line.outer,
      ...line.variables,
      states: { input: line.cursor.input, ...values, context },
    },
    state: line.cursor.state,
    entered: visit.entered,
    previous: previous ?? (line.cursor.last === visit.entered ? visit.before : line.cursor.last),
  };
}

function contextObject(line: Line, token: string | undefined, item: Line['item']) {
  const { run, cursor } = line;
  const { state, visit } = current(line);
  return {
    Execution: {
      Id: run.arn,
      Input: run.input,
      Name: run.name,
      RoleArn: run.role,
      StartTime: new Date(run.startedAt).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: machineArn(run.engine.region, run.machineName), Name: run.machineName },
    State: {
      Name: cursor.state,
      EnteredTime: new Date(visit.enteredAt).toISOString(),
      ...('Retry' in state && { RetryCount: visit.retries }),
      ...(state.Type === 'Task' && !('Retry' in state) && { RetryCount: 0 }),
    },
    ...(token !== undefined && { Task: { Token: token } }),
    ...(item && { Map: { Item: item } }),
  };
}
