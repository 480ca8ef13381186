import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../../engine-sim/engine/instance.ts';

/** How one engine came to its halt, in milliseconds since it had asked for the newest lease it was granted. */
export type LeaseSample = { readonly halted: number; readonly venueEmpty: number };

/** Waits for an engine to halt, and for its venue to list nothing of it. It never judges the lease itself: the engine has to. */
export function haltOf({ core, settings }: Instance, resting: (strategy: string) => Promise<readonly unknown[]>) {
  const { promise, resolve } = Promise.withResolvers<LeaseSample>();
  const apply = core.apply;
  let asked = core.state().lease?.sent.elapsed ?? Number.NEGATIVE_INFINITY;
  let isOver = false;
  core.apply = (rule) => {
    const done = apply(rule);
    asked = core.state().lease?.sent.elapsed ?? asked;
    return done;
  };
  const untilEmpty = async (halted: number, from: number) => {
    while ((await resting(settings.strategyId)).length > 0) await delay(20);
    resolve({ halted, venueEmpty: core.now().elapsed - from });
  };
  core.onMode((mode) => {
    if (mode !== 'SAFE' || isOver) return;
    isOver = true;
    core.apply = apply;
    void untilEmpty(core.now().elapsed - asked, asked);
  });
  return promise;
}

/** The largest, and the 99th percentile. */
export function maxAndP99(values: readonly number[]): { max: number; p99: number } {
  const sorted = values.toSorted((left, right) => left - right);
  return { max: sorted.at(-1) ?? Number.NaN, p99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN };
}
