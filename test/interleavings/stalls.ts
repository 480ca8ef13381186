/** `who` is how names of parties begin, `before` how the calls begin that count (none counts every call), `at` which of them, from 0. */
export type Stall = { who: string; before: string; at: number };

/** Parties that stand still, as a process does that is paused: from a call on they do nothing at all, until they are let go on. */
export function stallsOf(stalls: readonly Stall[]) {
  const passed = new Map<Stall, number>();
  const parked = new Map<Stall, (() => void)[]>();
  const over = new Set<Stall>();
  const { promise: first, resolve: someoneStalls } = Promise.withResolvers<void>();

  function isDue(stall: Stall, call: string): boolean {
    if (call.includes(`: ${stall.before}`)) passed.set(stall, (passed.get(stall) ?? 0) + 1);
    return !over.has(stall) && (passed.get(stall) ?? 0) > stall.at;
  }

  /** `call` begins with the name of whoever calls. */
  async function stallOrNot(call: string): Promise<void> {
    for (const stall of stalls.filter(({ who }) => call.startsWith(who))) {
      if (!isDue(stall, call)) continue;
      someoneStalls();
      await new Promise<void>((goes) => parked.set(stall, [...(parked.get(stall) ?? []), goes]));
    }
  }

  /** Lets whoever has stalled for longest go on. False when nobody stalls. */
  function letGo(): boolean {
    const [stall, held = []] = [...parked].find(([each]) => !over.has(each)) ?? [];
    if (!stall) return false;
    over.add(stall);
    for (const go of held) go();
    return true;
  }

  return { stallOrNot, letGo, first, someoneStalls };
}
