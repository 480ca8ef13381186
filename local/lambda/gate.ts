/** Lets so many through at a time; the others wait in the order in which they came. */
export type Gate = { run<T>(task: () => Promise<T>): Promise<T> };

export function gate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let free = width;
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve)); // whoever leaves hands the place on
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
