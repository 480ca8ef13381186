import { alertBudget } from '../../domain/communications/alert-budget.ts';
import type { Delivery } from '../../domain/communications/delivery.ts';
import type { Message } from '../../domain/communications/message.ts';
import type { Ports } from '../../domain/ports/ports.ts';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const LATE_MS = 2 * 60_000; // two sweeps of the courier
const NEWEST = 1_000;

/** How people are told, as health shows it: what waits and since when, what failed, and how fast alerts were, of the last day's newest 1,000 deliveries. */
export async function messagesHealth({
  records,
  now,
}: Pick<Ports, 'now'> & { records: Pick<Ports['records'], 'all' | 'list'> }) {
  const [waiting, newest] = await Promise.all([records.all('MESSAGE'), records.list('DELIVERY', { limit: NEWEST })]);
  const time = now().getTime();
  const since = (ms: number) => (each: Delivery) => time - Date.parse(each.at) <= ms;
  const ofDay = newest.filter(since(DAY_MS));
  const failed = ofDay.filter(({ status, trigger }) => status === 'failed' && trigger !== 'channel-test');
  return {
    alertBudget: alertBudget(ofDay, now()),
    oldestWaitingMs: oldest(waiting, time),
    failed: failed.filter(since(HOUR_MS)).map(({ channel, trigger }) => `${trigger} on ${channel}`),
    waits: waiting.length,
  };
}

export type MessagesHealth = Awaited<ReturnType<typeof messagesHealth>>;

/** Milliseconds since the oldest message that waits happened. */
function oldest(waiting: readonly Message[], time: number): number | null {
  const times = waiting.map(({ detectedAt }) => time - Date.parse(detectedAt));
  return times.length === 0 ? null : Math.max(...times);
}

/** Nothing waits for longer than two sweeps. */
export const isSending = ({ oldestWaitingMs }: MessagesHealth): boolean => (oldestWaitingMs ?? 0) <= LATE_MS;

const NAMED = 3;

/** In words, the worst first. */
export function messagesWords({ oldestWaitingMs, waits, failed }: MessagesHealth): string {
  const waiting =
    waits === 0 ? 'none waits' : `${waits} wait, the oldest for ${Math.round((oldestWaitingMs ?? 0) / 1000)} s`;
  if (failed.length === 0) return waiting;
  const named = [...new Set(failed)].slice(0, NAMED).join(', ');
  return `${failed.length} failed within the hour (${named}); ${waiting}`;
}
