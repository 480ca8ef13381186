import { type AlertBudget, alertBudget } from '../communications/alert-budget.ts';
import type { Delivery } from '../communications/delivery.ts';
import type { Message } from '../communications/message.ts';
import type { Reading } from './health-item.ts';
import type { HealthPorts } from './health-ports.ts';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const NEWEST = 1_000;
const NAMED = 3;

/** How people are told: what waits and since when, what failed, and how fast alerts were, of the last day's newest 1,000 deliveries. */
export async function messagesHealth({
  records,
  now,
}: Pick<HealthPorts, 'records' | 'now'>): Promise<Reading & { readonly alertBudget: AlertBudget }> {
  const [waiting, newest] = await Promise.all([records.all('MESSAGE'), records.list('DELIVERY', { limit: NEWEST })]);
  const time = now().getTime();
  const since = (ms: number) => (each: Delivery) => time - Date.parse(each.at) <= ms;
  const ofDay = newest.filter(since(DAY_MS));
  const failed = ofDay
    .filter(({ status, trigger }) => status === 'failed' && trigger !== 'channel-test')
    .filter(since(HOUR_MS));
  const value = oldest(waiting, time);
  return {
    value,
    detail: words(waiting.length, value, failed),
    ...(failed.length > 0 && { status: 'bad' as const }),
    alertBudget: alertBudget(ofDay, now()),
  };
}

/** Milliseconds since the oldest message that waits happened. */
const oldest = (waiting: readonly Message[], time: number): number =>
  Math.max(0, ...waiting.map(({ detectedAt }) => time - Date.parse(detectedAt)));

/** The worst first. */
function words(waits: number, oldestMs: number, failed: readonly Delivery[]): string {
  const waiting = waits === 0 ? 'none waits' : `${waits} wait, the oldest for ${Math.round(oldestMs / 1000)} s`;
  if (failed.length === 0) return waiting;
  const named = [...new Set(failed.map(({ channel, trigger }) => `${trigger} on ${channel}`))].slice(0, NAMED);
  return `${failed.length} failed within the hour (${named.join(', ')}); ${waiting}`;
}
