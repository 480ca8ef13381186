import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { ChannelTested, Deliveries, type Delivery } from '../message-replies.ts';
import { duration, utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';

export type CommsFilter = {
  readonly strategy?: string;
  readonly trigger?: string;
  readonly status?: string;
  readonly run?: string;
  readonly channel?: string;
  readonly limit: number;
};

/** Runbook 6: what was told to whom over which channel, and how long it took from what happened until the provider was asked. */
export async function listDeliveries(context: Context, filter: CommsFilter): Promise<void> {
  const { out } = context;
  const asked = Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]));
  const list = await read(context, new URLSearchParams(asked));
  if (out.format === 'jsonl') return list.forEach((delivery) => void out.result(delivery, ''));
  const head = ['at', 'channel', 'status', 'sent after', 'tries', 'subject'];
  const rows = list.map((delivery) => [
    ...[utc(delivery.at), delivery.channel, statusText(delivery), sentAfter(delivery)],
    ...[delivery.attempts.length, delivery.subject],
  ]);
  out.result(list, table(out.paint, head, rows, 'nothing was sent yet'));
}

/** One message on one channel: as it was rendered, and every try with its outcome. */
export async function showDelivery(context: Context, id: string): Promise<void> {
  const { out } = context;
  const [delivery] = await read(context, new URLSearchParams({ id }));
  if (!delivery)
    throw new CliError('usage', `there is no delivery ${id}`, `look at ${context.command('comms ls --output jsonl')}`, {
      code: 'NotFound',
    });
  out.result(delivery, detailOf(context, delivery));
}

const WAIT_MS = 60_000;
const PAUSE_MS = 250;

/** Sends a message that says it is a test to one channel, by the courier, and waits until its provider has acknowledged it. */
export async function testChannel(context: Context, channel: string): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const test = { body: { channel }, idempotencyKey: surroundings.newKey() };
  const { delivery: id, summary } = await api.post('/v1/channel-tests', ChannelTested, test);
  out.step('running', summary);
  const began = surroundings.elapsedMs();
  const elapsed = () => surroundings.elapsedMs() - began;
  while (elapsed() < WAIT_MS) {
    const [delivery] = await read(context, new URLSearchParams({ id }));
    if (delivery?.status === 'acknowledged')
      return out.step('succeeded', `${channel} has acknowledged it: ${lastWords(delivery)}`, elapsed(), delivery);
    if (delivery?.status === 'failed')
      throw new CliError('fault', `${channel} did not take it: ${lastWords(delivery)}`, NEXT, { code: 'NotDelivered' });
    out.transient(`${channel}: ${delivery ? lastWords(delivery) : 'waits for the courier'}`);
    await surroundings.sleep(PAUSE_MS);
  }
  const next = `look again: ${context.command(`comms show '${id}'`)}`;
  throw new CliError('timeout', `${channel} has not acknowledged it within ${WAIT_MS / 1000} s`, next);
}

const NEXT = 'see "Channels" in docs/deploy.md: the secret, the allowed hosts, and what the provider says';

const read = async (context: Context, query: URLSearchParams): Promise<Delivery[]> =>
  (await (await context.api('read')).get(`/v1/deliveries?${query}`, Deliveries)).deliveries;

const statusText = ({ status, escalatedTo }: Delivery): string =>
  escalatedTo ? `${status}, went to ${escalatedTo}` : status;

const sentAfter = ({ at, sentAt, status }: Delivery): string =>
  sentAt && status === 'acknowledged' ? duration(Math.max(0, Date.parse(sentAt) - Date.parse(at))) : '-';

const lastWords = ({ attempts }: Delivery): string => attempts.at(-1)?.detail ?? 'no try yet';

function detailOf({ out }: Context, delivery: Delivery): string {
  const { id, channel, audience, severity, at, detectedAt, sentAt, acknowledgedAt, escalatedFrom, attempts } = delivery;
  const facts = pairs(out.paint, [
    ['delivery', id],
    ['channel', `${channel} for ${audience.join(', ')}`],
    ['severity', severity],
    ['status', statusText(delivery)],
    ['took over', escalatedFrom && `from ${escalatedFrom}`],
    ['happened', precise(at)],
    ['known', precise(detectedAt)],
    ['sent', precise(sentAt)],
    ['acknowledged', precise(acknowledgedAt)],
  ]);
  const tries = table(
    out.paint,
    ['try', 'took', 'outcome', 'what the provider said'],
    attempts.map(({ at, tookMs, outcome, detail }) => [precise(at), duration(tookMs), outcome, detail]),
    'not tried yet',
  );
  return [facts, '', delivery.text, '', tries].join('\n');
}

/** To the millisecond: what is measured here is measured in them. */
const precise = (time: string | null | undefined): string | undefined => time?.replace('T', ' ');
