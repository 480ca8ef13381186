import { getEnvironmentData } from 'node:worker_threads';

/** Under this name every thread of a faulty host finds by how many milliseconds its clock is off. */
export const CLOCK = 'tradepulse-clock-shift';

/**
 * Loaded before anything else in every thread of the host: what it takes for the time of day is the real one and a shift, which
 * may change at any moment. Timers and monotonic clocks are what they are, as when somebody sets the clock of a machine.
 */
const shared = getEnvironmentData(CLOCK);
if (shared instanceof SharedArrayBuffer) shiftDate(new Int32Array(shared));

/** Also for the main thread, which has to make the shift itself. */
export function shiftDate(shift: Int32Array): void {
  const Real = Date;
  const now = () => Real.now() + Atomics.load(shift, 0);
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
    apply: () => new Real(now()).toString(),
    get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
  });
}
