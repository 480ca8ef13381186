/** Lets a delivery have its channel when it is its turn there. `restMs` in what it answers: the channel wants to be left alone. */
export type Lane = <T extends { readonly restMs?: number | undefined }>(work: () => Promise<T>) => Promise<T>;

/** `leftMs`: how long whoever uses the lanes still has. */
export type LaneClock = {
  readonly elapsedMs: () => number;
  readonly leftMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
};

/** What is on its way to one channel at a time: enough to empty a kill of everything in seconds, and bounded. */
export const AT_A_TIME = 16;

/**
 * A queue for each channel, so that a slow or dead one never holds up another. Once a provider has asked to be left alone, its
 * channel rests for as long, and from then on takes one at a time. Nobody rests beyond the time that is left: their turn comes
 * then, and they see that it is over.
 */
export function courierLanes(clock: LaneClock): (channel: string) => Lane {
  const lanes = new Map<string, Lane>();
  return (channel) => {
    const known = lanes.get(channel) ?? laneOf(clock);
    lanes.set(channel, known);
    return known;
  };
}

function laneOf({ elapsedMs, leftMs, pause }: LaneClock): Lane {
  const waiting: (() => void)[] = [];
  let busy = 0;
  let most = AT_A_TIME;
  let restsUntil = 0;
  const leave = () => {
    busy -= 1;
    while (busy < most && waiting.length > 0) {
      busy += 1;
      waiting.shift()?.();
    }
  };
  const enter = async () => {
    if (busy < most) busy += 1;
    else await new Promise<void>((comes) => waiting.push(comes));
    const rest = () => Math.min(restsUntil - elapsedMs(), leftMs());
    for (let ms = rest(); ms > 0; ms = rest()) await pause(ms);
  };
  return async (work) => {
    await enter();
    try {
      const done = await work();
      if (done.restMs) {
        most = 1;
        restsUntil = elapsedMs() + done.restMs;
      }
      return done;
    } finally {
      leave();
    }
  };
}
