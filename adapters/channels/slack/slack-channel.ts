import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { IncomingWebhook } from '@slack/webhook';
import * as z from 'zod';
import type { Outgoing, Sent } from '../../../domain/ports/message-channels.ts';
import { jsonOf } from '../../json-of.ts';
import type { SlackSecret } from '../channel-secrets.ts';
import type { Answer } from '../exchange.ts';
import { judgeExchange, unproven } from '../judge-exchange.ts';
import { type FetchRules, recordingFetch } from '../recording-fetch.ts';
import { type SlackMessage, slackMessage } from './slack-message.ts';

/**
 * A message over Slack's own libraries, which send it and nothing else: whether to try again is for the courier to say, so their own
 * retries are off, as is what they would log. What came of it is read from the exchange, not from their errors.
 */
export async function slackChannel(
  outgoing: Outgoing,
  secret: z.infer<typeof SlackSecret>,
  rules: FetchRules,
): Promise<Sent> {
  const { fetch, exchange } = recordingFetch(rules);
  const message = slackMessage(outgoing);
  const isHook = 'webhook' in secret;
  const fault = await (isHook ? byWebhook(secret.webhook, message, fetch) : byBot(secret, message, fetch)).catch(
    (error: unknown) => error,
  );
  const made = exchange();
  if (!made) throw fault; // the library stumbled before it asked anybody: a fault of ours
  return judgeExchange(made, { name: 'Slack', reasonIn: errorIn, taken: isHook ? judgeHook : judgeBot });
}

async function byWebhook(url: string, message: SlackMessage, fetch: FetchFunction): Promise<void> {
  await new IncomingWebhook(url, { fetch }).send(message);
}

type FetchFunction = ReturnType<typeof recordingFetch>['fetch'];
type Bot = Extract<z.infer<typeof SlackSecret>, { readonly botToken: string }>;

async function byBot({ botToken, conversation, api }: Bot, message: SlackMessage, fetch: FetchFunction): Promise<void> {
  const client = new WebClient(botToken, {
    slackApiUrl: api,
    fetch,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });
  await client.chat.postMessage({ channel: conversation, ...message, parse: 'none' });
}

const nothing = () => undefined;
const SILENT: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** Words of Slack's that mean "not now", though they come with the status 200. */
const LATER = ['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'];

const Reply = z.union([
  z.object({ ok: z.literal(true), channel: z.string().max(50), ts: z.string().max(50) }),
  z.object({ ok: z.literal(false), error: z.string().regex(/^[a-z_]{1,60}$/) }),
]);

/** A webhook says `ok` and no more. */
const judgeHook = (answer: Answer): Sent =>
  answer.text.trim() === 'ok' ? { outcome: 'acknowledged', detail: 'Slack said ok' } : unproven('Slack', answer);

function judgeBot(answer: Answer): Sent {
  const reply = Reply.safeParse(jsonOf(answer.text)).data;
  if (!reply) return unproven('Slack', answer);
  if (reply.ok) {
    return { outcome: 'acknowledged', detail: 'Slack said ok', providerId: `${reply.channel}/${reply.ts}` };
  }
  return { outcome: LATER.includes(reply.error) ? 'retry' : 'failed', detail: `Slack answered ${reply.error}` };
}

/** The error code of an answer, e.g. `channel_is_archived`; of anything else nothing is repeated. */
const errorIn = ({ text }: Answer): string | undefined => /^[a-z_]{1,60}$/.exec(text.trim())?.[0];
