import { setImmediate } from 'node:timers/promises';

type Sleeper = { readonly at: number; readonly wake: () => void };

/** A clock that stands still while anybody works, and goes on to the next who wakes when everybody sleeps. Nothing here takes real time. */
export function virtualTime(start: Date) {
  let time = start.getTime();
  let sleeping: Sleeper[] = [];
  const pause = (ms: number): Promise<void> =>
    new Promise((wake) => void sleeping.push({ at: time + Math.max(0, ms), wake }));
  const wakeNext = () => {
    const next = sleeping.toSorted((left, right) => left.at - right.at)[0];
    if (!next) return;
    sleeping = sleeping.filter((each) => each !== next);
    time = Math.max(time, next.at);
    next.wake();
  };
  return {
    now: () => new Date(time),
    elapsedMs: () => time,
    pause,
    /** Lets time go on until the work is done. */
    async during<T>(work: Promise<T>): Promise<T> {
      let done = false;
      const ended = work.finally(() => {
        done = true;
      });
      ended.catch(() => undefined); // whoever awaits it hears of it
      for (let idle = 0; !done && idle < 1_000_000; idle += 1) {
        await setImmediate();
        if (!done) wakeNext();
      }
      return ended;
    },
    pass(ms: number) {
      time += ms;
    },
  };
}

export type VirtualTime = ReturnType<typeof virtualTime>;
