import { createHash } from 'node:crypto';
import * as z from 'zod';
import { PagerdutyPayload } from './pagerduty-payload.ts';
import type { Receive } from './receive.ts';

/** The Events API v2: 202 with the key of the alert, or 400 with what is wrong. */
export async function pagerdutySink(
  body: unknown,
  routingKeys: ReadonlyMap<string, string>,
  receive: Receive,
  now: Date,
): Promise<Response> {
  const parsed = PagerdutyPayload.safeParse(body);
  if (!parsed.success) return invalid(z.prettifyError(parsed.error).split('\n'));
  const { routing_key, ...sent } = parsed.data;
  const channel = routingKeys.get(routing_key);
  if (channel === undefined) return invalid(['Invalid routing key']);
  const { payload, dedup_key = digestOf(sent) } = sent;
  const text = payload?.custom_details?.['text'];
  const received = await receive({
    ...{ at: now.toISOString(), channel, via: 'pagerduty', sent },
    ...{ subject: payload?.summary ?? sent.event_action, text: typeof text === 'string' ? text : '' },
  });
  if (received === 'taken')
    return Response.json({ status: 'success', message: 'Event processed', dedup_key }, { status: 202 });
  return new Response(null, { status: received, headers: received === 429 ? { 'retry-after': '1' } : {} });
}

const invalid = (errors: string[]) =>
  Response.json({ status: 'invalid event', message: 'Event object is invalid', errors }, { status: 400 });

const digestOf = (sent: object): string => createHash('sha256').update(JSON.stringify(sent)).digest('hex').slice(0, 32);
