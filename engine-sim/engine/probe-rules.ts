import { Problem } from '../program/problem.ts';
import { adoptEpoch } from './command-rules.ts';
import type { Probe } from './commands.ts';
import type { EngineState, Instant } from './engine-state.ts';
import { disarmed, expire } from './lease-rules.ts';

/** A probe order that nobody has taken away by then goes by itself, in milliseconds. */
export const PROBE_RESTS_MS = 10_000;

/** What a probe order is known by at the venue. */
const TAG = 'probe-';
const HASH_DIGITS = 12;

/** The client order id of an instance's probe order; the same command makes the same one. */
export const probeOrderId = (instanceId: string, hash: string): string =>
  `${TAG}${instanceId}-${hash.slice(0, HASH_DIGITS)}`;

/** Whether an order that the venue lists is the probe of another instance: that one takes it away, not we. */
export const isForeignProbe = (clientOrderId: string, instanceId: string): boolean =>
  clientOrderId.startsWith(TAG) && clientOrderId.slice(TAG.length, -1 - HASH_DIGITS) !== instanceId;

/** Whether an order of our own is a probe. */
export const isProbeOrder = (clientOrderId: string): boolean => clientOrderId.startsWith(TAG);

/** Whether a probe order may rest now: it was asked for a moment ago, the lease is held, and no halt has come since. */
export function isProbing(before: EngineState, now: Instant): boolean {
  const { probing, lease } = expire(before, now);
  return lease !== null && probing?.until != null && now.elapsed < probing.until;
}

/**
 * Lets one probe order of this run out. A halt that was latched before the run's first probe stays in force for everything else;
 * one that comes after it stops probes too. Refuses (409) an armed instance, one that holds no lease or has nothing loaded, an
 * epoch that is over or fenced, and a run that was halted meanwhile.
 */
export function allowProbe(before: EngineState, command: Probe, now: Instant): EngineState {
  const state = requireProbeable(before, command, now);
  if (state.probing?.runId === command.runId && state.probing.halted) {
    throw new Problem(409, 'Halted', 'this instance is halted', 'only an arm lifts a halt', {
      haltedAt: state.halt?.at,
    });
  }
  if (!state.loaded) throw new Problem(409, 'NotLoaded', 'nothing is deployed here', 'deploy first');
  requireLease(state);
  return { ...state, probing: { runId: command.runId, until: now.elapsed + PROBE_RESTS_MS, halted: false } };
}

/** The lease is over at this very moment, as if it had run out: what rests is taken away by whatever takes it away then. */
export function loseLeaseNow(before: EngineState, command: Probe, now: Instant): EngineState {
  const state = requireProbeable(before, command, now);
  requireLease(state);
  return disarmed(state);
}

function requireProbeable(before: EngineState, command: Probe, now: Instant): EngineState {
  const state = adoptEpoch(expire(before, now), command);
  if (state.armedEpoch !== null)
    throw new Problem(409, 'Armed', 'this instance is armed: it is not probed while it may trade', 'stop it first');
  if (state.halt && command.epoch < state.halt.armFrom) {
    const { at, armFrom } = state.halt;
    throw new Problem(409, 'StaleEpoch', `the halt of ${at} fences epoch ${command.epoch}`, 'launch again', {
      epoch: state.epoch,
      armFrom,
    });
  }
  return state;
}

function requireLease({ lease }: EngineState): void {
  if (!lease) throw new Problem(409, 'NoLease', 'this instance holds no lease', 'let it reach the control plane first');
}
