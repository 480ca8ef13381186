/** Time as a port: the engine never reads the system clock itself, so that tests drive Wait, Retry and timeouts. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` once, at `due` (ms since the epoch) or at once when that is past. Returns how to call it off. */
  at(due: number, action: () => void): () => void;
}

/** What makes two runs of the same machine differ. */
export interface Ports {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** A fresh UUID. */
  readonly id: () => string;
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** The real clock. A delay beyond what a Node timer can hold (24.8 days) is armed again instead of firing at once. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at: (due, action) => {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const delay = Math.max(0, due - Date.now());
      timer = delay > LONGEST_TIMER ? setTimeout(arm, LONGEST_TIMER) : setTimeout(action, delay);
    };
    arm();
    return () => clearTimeout(timer);
  },
};
