import { setTimeout as delay } from 'node:timers/promises';

/** Looks until what is seen is right, and gives it back; refuses with what was seen last when it stays wrong. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T>,
  isRight: (seen: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    if (performance.now() > giveUpAt)
      throw new Error(`${what}: after ${withinMs / 1000} s still ${JSON.stringify(seen)}`);
    await delay(25);
  }
}

/** Refuses unless what was observed is what it has to be. */
export function mustBe<T>(what: string, actual: T, expected: T): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, observed ${JSON.stringify(actual)}`);
  }
}
