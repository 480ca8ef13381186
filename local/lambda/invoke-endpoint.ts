import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsError } from '../aws/aws-error.ts';
import type { FetchHandler } from '../aws/fetch-handler.ts';
import { jsonError } from '../aws/json-error.ts';
import { functionNameIn } from '../template/lambda-functions.ts';
import type { LambdaHost } from './lambda-host.ts';

/** Lambda repeats a failed asynchronous invocation after one minute, then after two. */
const retryPausesMs = [60_000, 120_000];
const largestEvent = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 };
type InvocationType = keyof typeof largestEvent;

/**
 * Lambda's Invoke: `POST /2015-03-31/functions/{name or ARN}/invocations`, RequestResponse, Event and DryRun. Repeats of Event
 * invocations are held in memory: a restart of the host forgets them (EventBridge, which keeps its own, does not use them).
 */
export function invokeEndpoint(host: LambdaHost): FetchHandler {
  return async (request) => {
    try {
      const name = functionIn(request, host);
      const type = invocationType(request.headers.get('x-amz-invocation-type'));
      const event = await eventIn(request, largestEvent[type]);
      return await answer(host, { name, type, event, requestId: randomUUID() });
    } catch (error) {
      if (error instanceof AwsError) return jsonError(error);
      throw error;
    }
  };
}

type Call = {
  readonly name: string;
  readonly type: InvocationType;
  readonly event: string;
  readonly requestId: string;
};

async function answer(host: LambdaHost, { name, type, event, requestId }: Call): Promise<Response> {
  const headers = { 'x-amzn-requestid': requestId, 'x-amz-executed-version': '$LATEST' };
  if (type === 'DryRun') return new Response(null, { status: 204, headers });
  if (type === 'Event') {
    void invokeLater(host, { name, type, event, requestId });
    return new Response(null, { status: 202, headers });
  }
  const { payload, failed } = await host.invoke(name, event, requestId);
  return new Response(payload, {
    headers: { ...headers, 'content-type': 'application/json', ...(failed && { 'x-amz-function-error': 'Unhandled' }) },
  });
}

async function invokeLater(host: LambdaHost, { name, event, requestId }: Call): Promise<void> {
  const retries = host.functions.get(name)?.asyncRetries ?? 0;
  for (let attempt = 0; ; attempt += 1) {
    const { failed } = await host.invoke(name, event, requestId);
    if (!failed || attempt >= retries) return;
    await pause(retryPausesMs[attempt] ?? 0, undefined, { ref: false });
  }
}

function functionIn(request: Request, host: LambdaHost): string {
  const { pathname } = new URL(request.url);
  const [, given] = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/.exec(pathname) ?? [];
  if (!given || request.method !== 'POST') {
    throw new AwsError('UnknownOperationException', `${request.method} ${pathname} is not served; only Invoke is`, 404);
  }
  const decoded = decodeURIComponent(given);
  const name = functionNameIn(decoded) ?? decoded.replace(/^\d+:function:/, '').replace(/:\$LATEST$/, '');
  if (host.functions.has(name)) return name;
  throw new AwsError('ResourceNotFoundException', `Function not found: ${decoded}`, 404, { Type: 'User' });
}

function invocationType(header: string | null): InvocationType {
  const type = header ?? 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event' || type === 'DryRun') return type;
  throw new AwsError(
    'InvalidParameterValueException',
    `Invocation type ${type} is none of RequestResponse, Event, DryRun`,
  );
}

async function eventIn(request: Request, most: number): Promise<string> {
  const text = await request.text();
  if (Buffer.byteLength(text) > most) {
    throw new AwsError(
      'RequestTooLargeException',
      `${Buffer.byteLength(text)} byte payload is too large, of ${most}`,
      413,
    );
  }
  if (text === '') return '{}';
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(cause)}`);
  }
}
