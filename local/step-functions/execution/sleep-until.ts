import { Cancelled } from '../cancellation.ts';
import type { Line } from './line.ts';

/** Waits until `due` (ms since the epoch), or rejects when the line is called off. */
export function sleepUntil({ run, cancellation }: Line, due: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const disarm = run.engine.ports.clock.at(due, () => {
      forget();
      resolve();
    });
    const forget = cancellation.onCancel(() => {
      disarm();
      reject(new Cancelled());
    });
  });
}
