/** What goes on beside the ticks. */
export type Background = {
  /** Whatever it comes to, nobody waits for it and nothing else fails by it. */
  add(what: string, work: Promise<unknown>): void;
  /** When all that was added has ended. Never rejects. */
  ended(): Promise<void>;
};

/** `failed` is told of work that rejects. */
export function newBackground(failed: (what: string, fault: unknown) => void): Background {
  const underWay = new Set<Promise<unknown>>();
  return {
    add(what, work) {
      const ended: Promise<unknown> = work
        .catch((fault: unknown) => failed(what, fault))
        .finally(() => underWay.delete(ended));
      underWay.add(ended);
    },
    async ended() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
