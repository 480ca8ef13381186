import type { OutboxLine } from './outbox.ts';
import type { Receive } from './receive.ts';
import { type SlackPayload as Payload, SlackPayload, shownBy } from './slack-payload.ts';

/** An incoming webhook as Slack's: `ok`, or a word that says why not. */
export async function slackSink(channel: string, body: unknown, receive: Receive, now: Date): Promise<Response> {
  const payload = SlackPayload.safeParse(body).data;
  if (!payload) return new Response('invalid_payload', { status: 400 });
  const received = await receive(lineOf(channel, payload, now));
  if (received === 'taken') return new Response('ok');
  return new Response('rollup_error', { status: received, headers: received === 429 ? { 'retry-after': '1' } : {} });
}

function lineOf(channel: string, payload: Payload, now: Date): OutboxLine {
  const texts = shownBy(payload);
  const [subject = ''] = texts;
  return { at: now.toISOString(), channel, via: 'slack', subject, text: texts.join('\n'), sent: payload };
}
