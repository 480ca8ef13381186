import { machineArn } from '../arn.ts';
import { type Cancellation, Cancelled } from '../cancellation.ts';
import type { Resource } from '../definition/resources.ts';
import type { Line } from '../execution/line.ts';
import { isObject, type Json, parseJson } from '../json.ts';
import { taskFailure } from './task-failure.ts';

/** `events:putEvents`: one failed entry fails the task, with the whole answer as its cause. */
export async function putEvents(line: Line, resource: Resource, args: Json, cancellation: Cancellation): Promise<Json> {
  const entries = isObject(args) && Array.isArray(args['Entries']) ? args['Entries'] : [];
  const reply = await line.run.engine.endpoints
    .events({
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: entries.map((entry) => wireEntry(line, entry)) }),
      cancellation,
    })
    .catch((fault: unknown) => {
      if (fault instanceof Cancelled) throw fault;
      const cause = `EventBridge did not answer: ${fault instanceof Error ? fault.message : String(fault)}`;
      throw taskFailure(resource, { error: 'EventBridge.SdkClientException', cause });
    });
  const answer = parseJson(reply.body);
  if (reply.status >= 300 || !isObject(answer)) throw refused(resource, reply.status, answer ?? reply.body);
  const result = { Entries: answer['Entries'] ?? [], FailedEntryCount: answer['FailedEntryCount'] ?? 0 };
  if (result.FailedEntryCount === 0) return result;
  throw taskFailure(resource, { error: 'EventBridge.FailedEntry', cause: JSON.stringify(result) });
}

/** Detail may be given as an object; Step Functions adds the execution and its machine to the resources. */
function wireEntry({ run }: Line, entry: Json): Json {
  if (!isObject(entry)) return entry;
  const { Detail: detail, Resources: resources } = entry;
  return {
    ...entry,
    ...(detail !== undefined && { Detail: typeof detail === 'string' ? detail : JSON.stringify(detail) }),
    Resources: [
      ...(Array.isArray(resources) ? resources : []),
      run.arn,
      machineArn(run.engine.region, run.machineName),
    ],
  };
}

function refused(resource: Resource, status: number, answer: Json) {
  const told = isObject(answer) ? answer : {};
  const name = String(told['__type'] ?? 'ServiceException')
    .split('#')
    .at(-1);
  const cause = `${String(told['message'] ?? told['Message'] ?? answer)} (Service: EventBridge, Status Code: ${status})`;
  return taskFailure(resource, { error: `EventBridge.${name}`, cause });
}
