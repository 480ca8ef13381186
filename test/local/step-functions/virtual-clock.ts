import type { Clock } from '../../../local/step-functions/clock.ts';

/** Time that moves only when a test says so. */
export function createVirtualClock(start = Date.parse('2026-11-23T09:00:00Z')) {
  let now = start;
  let timers: { due: number; action: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    at: (due, action) => {
      const timer = { due, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  /** Fires what is due by `ms` from now, in order, letting the engine work in between. */
  const advance = async (ms: number) => {
    const until = now + ms;
    await quiet();
    for (;;) {
      const [next] = timers.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due);
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = Math.max(now, next.due);
      next.action();
      await quiet();
    }
    now = until;
    await quiet();
  };
  /** When the next timer is due, in ms from now. */
  const nextIn = () => Math.min(...timers.map(({ due }) => due)) - now;
  return { clock, advance, nextIn };
}

/** Lets everything that waits for no timer and no network happen: commits, evaluations, stand-in calls. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
