import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';
import { dequeueStatus, type OutboxRow, statusesAfter } from '../journal/outbox.ts';
import type { StatusEvent } from './status-event.ts';

const RETRY_AFTER_MS = 1000;

/**
 * Delivers queued status events at least once: in order within an execution, and again (after a second, after a
 * restart) until `deliver` resolves. One execution's trouble does not hold up the others.
 */
export function createAnnouncer(journal: Journal, clock: Clock, deliver: (event: StatusEvent) => Promise<void>) {
  const queues = new Map<number, Promise<void>>();
  let newest = 0;
  let closed = false;
  const attempt = async ({ sequence, event }: OutboxRow): Promise<void> => {
    const status: StatusEvent = JSON.parse(event);
    while (!closed) {
      try {
        await deliver(status);
        if (!closed) journal.write(() => dequeueStatus(journal, sequence));
        return;
      } catch {
        await new Promise<void>((resolve) => clock.at(clock.now() + RETRY_AFTER_MS, resolve));
      }
    }
  };
  const pump = async () => {
    await journal.durable();
    if (closed) return;
    const rows = statusesAfter(journal, newest);
    newest = rows.at(-1)?.sequence ?? newest;
    await journal.durable();
    for (const row of rows) {
      const queue = (queues.get(row.execution) ?? Promise.resolve()).then(() => attempt(row));
      queues.set(row.execution, queue);
      void queue.then(() => queues.get(row.execution) === queue && queues.delete(row.execution));
    }
  };
  return {
    announce: () => void pump().catch(() => undefined), // a broken journal reports itself
    close: () => {
      closed = true;
    },
  };
}
