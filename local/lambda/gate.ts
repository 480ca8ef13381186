/** Lets so many through at a time; the others wait in the order in which they came. */
export type Gate = { run<T>(task: () => Promise<T>): Promise<T> };

/**
 * `holdMs`: whoever is not done by then is waiting for somebody else rather than working, and lets the next one through, so
 * that what hangs holds up nobody.
 */
export function gate(width: number, holdMs = Number.POSITIVE_INFINITY): Gate {
  const waiting: (() => void)[] = [];
  let free = width;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve)); // whoever leaves hands the place on
      const leaveOnce = once(leave);
      const timer = Number.isFinite(holdMs) ? setTimeout(leaveOnce, holdMs).unref() : undefined;
      try {
        return await task();
      } finally {
        clearTimeout(timer);
        leaveOnce();
      }
    },
  };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
