import { cleanFact, cut, isLink } from './clean-fact.ts';
import { type Delivery, deliveryId } from './delivery.ts';
import { escapeSlack, slackLink } from './escape-slack.ts';
import type { Matrix, Row, Via } from './matrix.ts';
import type { Message } from './message.ts';
import { fillTemplate } from './template.ts';

/** How much of a message its subject holds: PagerDuty takes 1,024 characters of a summary, people see less of a mail's. */
const SUBJECT: Readonly<Record<Via, number>> = { slack: 250, email: 250, pagerduty: 1_024 };

/** What is said where a message does not carry a fact. */
const UNSAID: Readonly<Record<string, string>> = { bridgeUrl: 'not configured', reason: 'not given' };

/**
 * A message as the matrix spreads it: one delivery for each channel of its row, rendered for that channel. Nothing when the stored
 * matrix has no row for it yet: then it waits for the deployment that brings one. Pure: the same message gives the same deliveries.
 */
export function deliveriesOf(message: Message, matrix: Matrix): Delivery[] | undefined {
  const row = matrix.rows[message.trigger];
  if (!row) return undefined;
  return channelsOf(message, row).flatMap((channel) => deliveryOn(channel, message, matrix) ?? []);
}

/**
 * A message on one channel, of its row or of those it escalates to. Nothing where the matrix knows no such channel, and for a pager
 * when it is a drill: a drill pages nobody.
 */
export function deliveryOn(channel: string, message: Message, matrix: Matrix): Delivery | undefined {
  const row = matrix.rows[message.trigger];
  const via = matrix.channels[channel]?.via;
  if (!row || !via || (message.drill && via === 'pagerduty')) return undefined;
  const { id, trigger, strategyId, runId, at, detectedAt, drill } = message;
  return {
    ...{ id: deliveryId(id, channel), message: id, trigger, channel, via, audience: [...row.audience] },
    ...(strategyId && { strategyId }),
    ...(runId && { runId }),
    severity: drill ? 'info' : row.severity,
    ...rendered(message, row, via),
    ...{ at, detectedAt, status: 'waiting', attempts: [] },
    ...(via === 'pagerduty' && pageOf(message, row)),
    ...(drill && { drill }),
    version: 1,
  };
}

/** The test of a channel goes to that channel alone. */
const channelsOf = ({ trigger, facts }: Message, { channels }: Row): readonly string[] =>
  trigger === 'channel-test' ? [facts['channel'] ?? ''] : channels;

/** One incident for each strategy and trigger, however often it is told: later rows acknowledge and resolve it by the same key. */
const pageOf = ({ trigger, strategyId }: Message, { page = 'trigger', of = trigger }: Row) =>
  ({ page, dedupKey: `${strategyId ?? 'desk'}/${of}` }) as const;

/** The subject is plain text of one line; the text is the whole message, as markup of its channel in which no fact is any. */
function rendered(message: Message, { template, more }: Row, via: Via): Pick<Delivery, 'subject' | 'text'> {
  const mark = message.drill ? 'DRILL: ' : '';
  const subject = fillTemplate(template, (word) => factOf(message, word), plain).replaceAll('\n', ' ');
  const say = via === 'slack' ? slackSays(message) : (word: string) => factOf(message, word);
  const text = [template, ...(more === undefined ? [] : [more])].map((each) =>
    fillTemplate(each, say, via === 'slack' ? escapeSlack : plain),
  );
  return { subject: cut(`${mark}${subject}`, SUBJECT[via]), text: `${mark}${text.join('\n')}` };
}

const plain = (text: string): string => text;

const slackSays =
  (message: Message) =>
  (word: string): string => {
    const fact = factOf(message, word);
    return isLink(word, fact) ? slackLink(fact) : escapeSlack(fact);
  };

function factOf({ facts }: Message, word: string): string {
  const fact = cleanFact(word, facts[word] ?? '');
  return fact === '' ? (UNSAID[word] ?? 'not known') : fact;
}
