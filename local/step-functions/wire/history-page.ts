import type { Engine } from '../engine.ts';
import { type EventRow, eventsAfter, eventsBefore } from '../journal/events.ts';
import type { ExecutionRow } from '../journal/executions.ts';
import { isObject, type Json } from '../json.ts';
import { type Body, maxResults, pageToken, readToken, seconds } from './operation.ts';

/** Events whose details the API does not have. */
const WITHOUT_DETAILS = [
  'LambdaFunctionStarted',
  'MapStateAborted',
  'MapStateFailed',
  'MapStateSucceeded',
  'ParallelStateAborted',
  'ParallelStateFailed',
  'ParallelStateStarted',
  'ParallelStateSucceeded',
  'TaskStateAborted',
  'WaitStateAborted',
];
const DATA = ['input', 'output', 'parameters', 'assignedVariables', 'assignedVariablesDetails'];

/** One page of GetExecutionHistory. `includeExecutionData: false` leaves out what the states handled. */
export function historyPage({ journal }: Engine, { id }: ExecutionRow, body: Body): Record<string, Json> {
  const limit = maxResults(body);
  const from = readToken(body);
  const reverse = body['reverseOrder'] === true;
  const rows = reverse
    ? eventsBefore(journal, id, Number(from ?? Number.MAX_SAFE_INTEGER), limit + 1)
    : eventsAfter(journal, id, Number(from ?? 0), limit + 1);
  const page = rows.slice(0, limit);
  const withData = body['includeExecutionData'] !== false;
  return {
    events: page.map((row) => wireEvent(row, withData)),
    ...(rows.length > limit && { nextToken: pageToken(page.at(-1)?.id ?? 0) }),
  };
}

function wireEvent({ id, previous, at, type, details }: EventRow, withData: boolean): Json {
  const event = { id, previousEventId: previous, timestamp: seconds(at), type };
  if (WITHOUT_DETAILS.includes(type)) return event;
  const parsed: Json = JSON.parse(details);
  const given = isObject(parsed) ? parsed : {};
  const shown = Object.entries(given).flatMap(([name, value]): [string, Json][] => {
    if (!DATA.includes(name)) return [[name, value]];
    if (!withData) return [];
    const about: [string, Json][] =
      name === 'input' || name === 'output' ? [[`${name}Details`, { truncated: false }]] : [];
    return [[name, value], ...about];
  });
  return { ...event, [detailsName(type)]: Object.fromEntries(shown) };
}

/** `PassStateEntered` has `stateEnteredEventDetails`; every other event has the name of its type. */
function detailsName(type: string) {
  const [, step] = /State(Entered|Exited)$/.exec(type) ?? [];
  return step ? `state${step}EventDetails` : `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
