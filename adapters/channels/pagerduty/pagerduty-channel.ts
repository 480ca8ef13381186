import * as z from 'zod';
import type { Outgoing, Sent } from '../../../domain/ports/message-channels.ts';
import { jsonOf } from '../../json-of.ts';
import type { PagerdutySecret } from '../channel-secrets.ts';
import type { Answer } from '../exchange.ts';
import { judgeExchange, unproven } from '../judge-exchange.ts';
import { type FetchRules, recordingFetch } from '../recording-fetch.ts';
import { pagerdutyEvent } from './pagerduty-event.ts';

const NAME = 'PagerDuty';

/**
 * An event by the Events API v2. Not through `@pagerduty/pdjs`: its last release is of 2024, and what it sends with follows
 * redirects. A repeated event has the same dedup key, so it is the same alert.
 */
export async function pagerdutyChannel(
  outgoing: Outgoing,
  { routingKey, url }: z.infer<typeof PagerdutySecret>,
  rules: FetchRules,
): Promise<Sent> {
  const { drill, dedupKey, page = 'trigger' } = outgoing;
  if (drill) return { outcome: 'failed', detail: 'a drill pages nobody' };
  if (page !== 'trigger' && dedupKey === undefined)
    return { outcome: 'failed', detail: `there is no alert to ${page}: the message has no dedup key` };
  const { fetch, exchange } = recordingFetch(rules);
  const body = JSON.stringify(pagerdutyEvent(outgoing, routingKey));
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const fault = await fetch(url, { method: 'POST', headers, body }).catch((error: unknown) => error);
  const made = exchange();
  if (!made) throw fault;
  return judgeExchange(made, { name: NAME, reasonIn: (answer) => reasonIn(answer, routingKey), taken: judge });
}

const Accepted = z.object({ status: z.literal('success'), dedup_key: z.string().max(255).optional() });
const Invalid = z.object({ errors: z.array(z.string()).min(1) });

function judge(answer: Answer): Sent {
  const accepted = answer.status === 202 ? Accepted.safeParse(jsonOf(answer.text)).data : undefined;
  if (!accepted) return unproven(NAME, answer);
  const { dedup_key: providerId } = accepted;
  return { outcome: 'acknowledged', detail: 'PagerDuty took the event', ...(providerId && { providerId }) };
}

/** The first error that it names, unless it repeats the key or is anything but a few plain words. */
function reasonIn({ text }: Answer, routingKey: string): string | undefined {
  const [error = ''] = Invalid.safeParse(jsonOf(text)).data?.errors ?? [];
  return /^[\w .,;'()-]{1,120}$/.test(error) && !error.includes(routingKey) ? error : undefined;
}
