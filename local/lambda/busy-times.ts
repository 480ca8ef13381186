/** Knows whether something is going on, so that what is less urgent can wait for a quiet moment, but never for long. */
export type BusyTimes = {
  /** Runs the task; it is busy until that ends. */
  during<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when nothing has gone on for `calmMs`, after `atMostMs` in any case. */
  quiet(atMostMs: number): Promise<void>;
};

/** `calmMs`: one request of a series is followed by the next within this time. */
export function busyTimes(calmMs: number): BusyTimes {
  const waiting = new Set<() => void>();
  let underWay = 0;
  let calm: NodeJS.Timeout | undefined;
  const wakeAll = () => {
    calm = undefined;
    for (const wake of waiting) wake();
  };
  return {
    async during(task) {
      underWay += 1;
      clearTimeout(calm);
      try {
        return await task();
      } finally {
        underWay -= 1;
        if (underWay === 0) calm = setTimeout(wakeAll, calmMs);
      }
    },
    async quiet(atMostMs) {
      if (underWay === 0 && calm === undefined) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, atMostMs);
      waiting.add(resolve);
      await promise;
      clearTimeout(timer);
      waiting.delete(resolve);
    },
  };
}
