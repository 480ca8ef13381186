import type { Sent } from '../ports/message-channels.ts';
import { CLAIM_MS } from './attempt-limits.ts';
import { backoffMs } from './backoff.ts';
import type { Attempt, Delivery } from './delivery.ts';

const DETAIL = 300; // characters, as in the schema

/** Written in advance, so that a try whose courier died counts as one: nothing is tried for ever. */
const UNREPORTED = 'the courier that sent it has not said what came of it';

/** The delivery as one courier takes it, to be sent now: nobody else sends it until the claim runs out. `stored` is whether it stands in the store. */
export function claimed(delivery: Delivery, stored: boolean, now: Date): Delivery {
  const { nextAttemptAt: _due, ...rest } = delivery;
  const at = now.toISOString();
  return {
    ...rest,
    sentAt: at,
    claimedUntil: new Date(now.getTime() + CLAIM_MS).toISOString(),
    attempts: [...delivery.attempts, { at, tookMs: 0, outcome: 'retry', detail: UNREPORTED }],
    version: stored ? delivery.version + 1 : 1,
  };
}

export type Reported = { readonly sent: Sent; readonly tookMs: number; readonly random: number; readonly now: Date };

/** The delivery with what came of its try of that index: acknowledged, to be tried again after a while, or refused for good. */
export function reported(delivery: Delivery, index: number, { sent, tookMs, random, now }: Reported): Delivery {
  const { claimedUntil: _claim, nextAttemptAt: _due, ...rest } = delivery;
  const attempts = delivery.attempts.map((each, at) => (at === index ? attemptOf(each.at, sent, tookMs) : each));
  const next = { ...rest, attempts, version: delivery.version + 1 };
  if (sent.outcome === 'acknowledged')
    return { ...next, status: 'acknowledged', sentAt: attempts[index]?.at, acknowledgedAt: now.toISOString() };
  if (sent.outcome === 'failed') return next;
  const wait = backoffMs(attempts.length, random, sent.afterMs);
  return { ...next, nextAttemptAt: new Date(now.getTime() + wait).toISOString() };
}

const attemptOf = (at: string, sent: Sent, tookMs: number): Attempt => ({
  ...{ at, tookMs: Math.max(0, Math.round(tookMs)), outcome: sent.outcome, detail: sent.detail.slice(0, DETAIL) },
  ...('providerId' in sent && sent.providerId !== undefined && { providerId: sent.providerId.slice(0, 200) }),
});
