import { withDeadline } from './with-deadline.ts';

/** Lets work begin when it is its turn. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/** For who has nobody to wait for. */
export const atOnce: Turn = (work) => work();

/** About so many at a time, first come first served; whoever has waited for `patienceMs` begins whatever the others do, so that none that hangs holds up another. */
export function inTurns(atATime: number, patienceMs: number): Turn {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (work) => {
    if (busy >= atATime) await turnComes(waiting, patienceMs);
    busy += 1;
    try {
      return await work();
    } finally {
      busy -= 1;
      waiting.shift()?.();
    }
  };
}

const turnComes = (waiting: (() => void)[], patienceMs: number): Promise<void> =>
  withDeadline(new Promise<void>((comes) => waiting.push(comes)), patienceMs).catch(() => undefined);
