import type { Deliveries, Delivery } from './deliveries.ts';
import type { CompiledRule, EventTarget } from './event-rule.ts';

export type DispatcherOptions = {
  readonly deliveries: Deliveries;
  readonly now: () => Date;
  /** Milliseconds to wait after the given number of failed attempts. */
  readonly backoff: (attempts: number) => number;
  readonly rules: () => ReadonlyMap<string, CompiledRule>;
  readonly note: (line: Record<string, unknown>) => void;
};

/** EventBridge gives up after 185 attempts or a day; so does this host, and says so in the capture file. */
const mostAttempts = 185;

/** Calls targets until each has taken its event: at least once, with growing pauses, one slow target never holding up another. */
export function createDispatcher({ deliveries, now, backoff, rules, note }: DispatcherOptions) {
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let closed = false;

  const targetOf = ({ rule, target }: Delivery): EventTarget | undefined =>
    rules()
      .get(rule)
      ?.targets.find(({ id }) => id === target);

  function start(delivery: Delivery) {
    if (closed) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        const attempt = deliver(delivery)
          .catch((fault: unknown) => again(delivery, fault))
          .finally(() => running.delete(attempt));
        running.add(attempt);
      },
      Math.max(0, delivery.due - now().getTime()),
    );
    timers.add(timer);
  }

  async function deliver(delivery: Delivery) {
    const target = targetOf(delivery);
    if (!target) return drop(delivery, 'the template no longer has this rule or target');
    const failure = await target.invoke(delivery.event).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    if (!failure) return void deliveries.remove(delivery.id);
    const attempts = delivery.attempts + 1;
    if (attempts >= mostAttempts) return drop(delivery, `${attempts} attempts failed; the last: ${failure.message}`);
    const due = now().getTime() + backoff(attempts);
    deliveries.postpone(delivery.id, due);
    note({ retry: new Date(due).toISOString(), attempts, reason: failure.message, ...about(delivery) });
    start({ ...delivery, attempts, due });
  }

  /** What became of a call could not be written down, on a full disk: it is done again, as after a restart. */
  function again(delivery: Delivery, fault: unknown) {
    if (!(fault instanceof Error && 'code' in fault)) throw fault;
    start({ ...delivery, due: now().getTime() + backoff(delivery.attempts + 1) });
  }

  function drop(delivery: Delivery, reason: string) {
    deliveries.remove(delivery.id);
    note({ dropped: reason, ...about(delivery) });
  }

  return {
    start,
    /** Stops calling targets and waits for the calls under way; what is left is delivered after the next start. */
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      while (running.size > 0) await Promise.all(running);
    },
  };
}

const about = ({ rule, target, event }: Delivery) => ({ rule, target, eventId: event.id });
