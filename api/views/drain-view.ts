import type { Drain } from '../../domain/stop/drain.ts';
import type { Strategy } from '../../domain/strategy.ts';

/** How far a stop under way has drained, from its last look: only of the stop that the strategy is in the hands of. */
export function drainView({ mode, run }: Strategy, drain: Drain | undefined, now: Date) {
  if (!drain || mode !== 'STOPPING' || drain.run !== run?.id) return null;
  const { at, until, policy, engines, venues } = drain;
  const secondsLeft = Math.max(0, Math.ceil((Date.parse(until) - now.getTime()) / 1000));
  return { at, until, secondsLeft, policy, engines, venues };
}

/** The orders that rest at venues with the signature of a stop, until they are gone. */
export const ordersLeftView = (drain: Drain | undefined) => drain?.left ?? [];
