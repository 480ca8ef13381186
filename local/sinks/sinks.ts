import { AwsError } from '../aws/aws-error.ts';
import type { FetchHandler } from '../aws/fetch-handler.ts';
import { readLimited } from '../aws/read-limited.ts';
import { type ChannelFaults, isChannelFault } from './channel-faults.ts';
import { pagerdutySink } from './pagerduty-sink.ts';
import type { Receive } from './receive.ts';
import { ENQUEUE, type SinkAddresses } from './sink-addresses.ts';
import { slackSink } from './slack-sink.ts';

/** Everything below it is answered by the sinks. */
export const sinksPath = '/sinks/';

const MAX_BYTES = 512_000;

export type SinkOptions = {
  readonly addresses: SinkAddresses;
  /** Every channel that a fault may be in. */
  readonly channels: readonly string[];
  readonly receive: Receive;
  readonly faults: ChannelFaults;
  readonly now: () => Date;
};

/** Slack and PagerDuty as this machine plays them, and what can be wrong with them. Pages of a browser are refused; who knows no address of a channel reaches none. */
export function sinks(options: SinkOptions): FetchHandler {
  return async (request) => {
    if (request.headers.has('origin')) return refusal(403, 'web pages may not call this');
    const { pathname, searchParams } = new URL(request.url);
    const [, fault] = /^\/sinks\/faults(?:\/([a-z0-9-]+))?$/.exec(pathname) ?? [];
    if (fault !== undefined) return switchFault(request.method, fault, searchParams.get('channel'), options);
    if (pathname === '/sinks/faults') return Response.json({ faults: options.faults.list() });
    if (request.method !== 'POST') return refusal(405, 'post a message');
    return deliver(pathname, request, options);
  };
}

async function deliver(path: string, request: Request, { addresses, receive, now }: SinkOptions): Promise<Response> {
  const channel = addresses.webhooks.get(path);
  if (channel === undefined && path !== ENQUEUE) return new Response('no_service', { status: 404 });
  const body = await bodyOf(request);
  return channel === undefined
    ? pagerdutySink(body, addresses.routingKeys, receive, now())
    : slackSink(channel, body, receive, now());
}

/** Undefined for what is no JSON or too large: the schema says that it is nothing. */
async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await (await readLimited(request, MAX_BYTES)).json();
  } catch (error) {
    if (error instanceof AwsError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function switchFault(
  method: string,
  name: string,
  channel: string | null,
  { faults, channels }: SinkOptions,
): Response {
  if (!isChannelFault(name)) return refusal(404, `there is no fault ${name}`);
  if (channel !== null && !channels.includes(channel))
    return refusal(404, `there is no channel ${channel}; there are ${channels.join(', ')}`);
  if (method === 'POST') faults.inject(name, channel ?? undefined);
  else if (method === 'DELETE') faults.clear(name, channel ?? undefined);
  else return refusal(405, 'POST injects a fault, DELETE takes it away');
  return Response.json({ faults: faults.list() });
}

const refusal = (status: number, detail: string) => Response.json({ status, detail }, { status });
