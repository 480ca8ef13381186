import type { Cancellation } from '../cancellation.ts';
import { Cancelled } from '../cancellation.ts';
import type { Resource } from '../definition/resources.ts';
import type { Line } from '../execution/line.ts';
import { isObject, type Json, parseJson } from '../json.ts';
import { taskFailure } from './task-failure.ts';

/** A function ARN as Resource: the arguments are the event, the answer is the result. */
export async function invokeFunction(
  line: Line,
  resource: Resource,
  args: Json,
  cancellation: Cancellation,
): Promise<Json> {
  const reply = await invoke(line, resource, { name: resource.resource, body: JSON.stringify(args), cancellation });
  if (reply.headers['x-amz-function-error'] !== undefined) {
    throw taskFailure(resource, { error: errorType(reply.body), cause: reply.body });
  }
  return parseJson(reply.body) ?? reply.body;
}

/** `lambda:invoke`: the payload wrapped in what the Lambda API answers. A string payload is sent as it is. */
export async function invokeLambda(
  line: Line,
  resource: Resource,
  args: Json,
  cancellation: Cancellation,
): Promise<Json> {
  const { FunctionName: name, Payload: payload } = isObject(args) ? args : {};
  if (typeof name !== 'string') {
    throw taskFailure(resource, { error: 'States.Runtime', cause: "'FunctionName' must be in Arguments, as a string" });
  }
  const reply = await invoke(line, resource, { name, body: payloadText(payload), cancellation });
  const value = parseJson(reply.body);
  if (reply.headers['x-amz-function-error'] !== undefined) {
    const cause = value === undefined ? reply.body : JSON.stringify(value);
    throw taskFailure(resource, { error: errorType(reply.body), cause });
  }
  return {
    ExecutedVersion: header(reply, 'x-amz-executed-version') ?? '$LATEST',
    Payload: value ?? (reply.body === '' ? null : reply.body),
    SdkHttpMetadata: sdkHttpMetadata(reply),
    SdkResponseMetadata: { RequestId: header(reply, 'x-amzn-requestid') ?? '' },
    StatusCode: reply.status,
  };
}

function payloadText(payload: Json | undefined): string {
  if (payload === undefined || payload === null) return '';
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

type Reply = Awaited<ReturnType<typeof invoke>>;

function sdkHttpMetadata({ headers, status }: Reply): Json {
  const texts = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    AllHttpHeaders: Object.fromEntries(texts.map(([name, value]) => [name, [value]])),
    HttpHeaders: Object.fromEntries(texts),
    HttpStatusCode: status,
  };
}

function header({ headers }: Reply, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function errorType(body: string): string {
  const value = parseJson(body);
  const type = isObject(value) ? value['errorType'] : undefined;
  return typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown';
}

async function invoke(
  line: Line,
  resource: Resource,
  { name, body, cancellation }: { name: string; body: string; cancellation: Cancellation },
) {
  const short = /:function:([^:]+)/.exec(name)?.[1] ?? name;
  const path = `/2015-03-31/functions/${encodeURIComponent(short)}/invocations`;
  const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'RequestResponse' };
  const reply = await line.run.engine.endpoints
    .lambda({ path, headers, body, cancellation })
    .catch((fault: unknown) => {
      if (fault instanceof Cancelled) throw fault;
      const cause = `Lambda did not answer: ${fault instanceof Error ? fault.message : String(fault)}`;
      throw taskFailure(resource, { error: 'Lambda.SdkClientException', cause });
    });
  if (reply.status < 300) return reply;
  const [kind] = (header(reply, 'x-amzn-errortype') ?? fallbackName(reply.status)).split(':');
  const told = parseJson(reply.body);
  const message = isObject(told) ? (told['Message'] ?? told['message']) : reply.body;
  const id = header(reply, 'x-amzn-requestid') ?? '';
  const cause = `${String(message)} (Service: Lambda, Status Code: ${reply.status}, Request ID: ${id})`;
  throw taskFailure(resource, { error: `Lambda.${kind}`, cause });
}

/** The names Step Functions recommends to retry, for a service that did not name its error. */
function fallbackName(status: number) {
  if (status === 429) return 'TooManyRequestsException';
  return status === 404 ? 'ResourceNotFoundException' : 'ServiceException';
}
