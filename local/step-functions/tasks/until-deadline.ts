import { type Cancellation, Cancelled, createCancellation } from '../cancellation.ts';
import type { Line } from '../execution/line.ts';

/**
 * Runs work that ends with itself, with the line, or at `due` (ms since the epoch; absent: never) with `late()`.
 * The work learns through its cancellation that nobody waits for it any more.
 */
export function untilDeadline<Result>(
  line: Line,
  { due, late }: { due: number | undefined; late: () => Error },
  work: (cancellation: Cancellation) => Promise<Result>,
): Promise<Result> {
  const cancellation = createCancellation(line.cancellation);
  return new Promise((resolve, reject) => {
    const { clock } = line.run.engine.ports;
    const disarm =
      due === undefined
        ? () => undefined
        : clock.at(due, () => {
            reject(late());
            cancellation.cancel();
          });
    cancellation.onCancel(() => {
      disarm();
      reject(new Cancelled());
    });
    work(cancellation)
      .then(resolve, reject)
      .finally(() => cancellation.cancel());
  });
}
