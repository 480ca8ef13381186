import type { Log } from '../program/log.ts';
import { halt } from './command-rules.ts';
import type { EngineState, Instant } from './engine-state.ts';
import type { LatchStore } from './latch-store.ts';
import { expire, type InForce, inForce } from './lease-rules.ts';
import { isProbing } from './probe-rules.ts';

export type Clock = {
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly wall: () => number;
};

/** The one place where an instance's state is kept. Whoever reads it gets it after expiry was judged. */
export type InstanceCore = {
  now(): Instant;
  state(): EngineState;
  inForce(): InForce;
  /** Whether a probe order may rest now (docs/engine-contract.md, Probe). */
  isProbing(): boolean;
  /** Applies a rule. What must survive a restart is on its way to disk when this returns, and there when the promise resolves. */
  apply(rule: (state: EngineState, now: Instant) => EngineState): Promise<void>;
  /** The engine's own emergency brake: latched like any halt. */
  haltItself(reason: string): Promise<void>;
  /** Called at once, in the same turn, when the mode in force has become another. */
  onMode(listener: (mode: InForce['mode']) => void): void;
};

export function instanceCore(instanceId: string, store: LatchStore, clock: Clock, log: Log): InstanceCore {
  const now = (): Instant => ({ elapsed: clock.elapsed(), wall: clock.wall() });
  const listeners: ((mode: InForce['mode']) => void)[] = [];
  let state = store.read(new Date(clock.wall()));
  let mode = inForce(state, now()).mode;

  const take = (next: EngineState): Promise<void> => {
    const before = state;
    state = next;
    announce();
    return isPersisted(before, next) ? Promise.resolve() : store.write(next);
  };
  const announce = () => {
    const current = inForce(state, now()).mode;
    if (current === mode) return;
    log('mode', { instanceId, from: mode, to: current, epoch: state.epoch, halted: state.halt !== null });
    mode = current;
    for (const listener of listeners) listener(current);
  };
  const settle = (): EngineState => {
    const after = expire(state, now());
    if (after !== state) {
      log('lease-expired', { instanceId, epoch: state.epoch, armed: state.armedEpoch !== null });
      state = after;
    }
    announce();
    return state;
  };

  return {
    now,
    state: settle,
    inForce: () => inForce(settle(), now()),
    isProbing: () => isProbing(settle(), now()),
    apply: (rule) => take(rule(settle(), now())),
    haltItself(reason) {
      log('self-halt', { instanceId, reason });
      return take(halt(settle(), { epoch: state.epoch, reason }, now()));
    },
    onMode: (listener) => void listeners.push(listener),
  };
}

const isPersisted = (left: EngineState, right: EngineState): boolean =>
  left.epoch === right.epoch &&
  left.halt === right.halt &&
  left.armedBy === right.armedBy &&
  left.loaded === right.loaded &&
  left.left === right.left;
