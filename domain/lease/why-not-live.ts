import { restrictionOf } from '../ladder/restriction-of.ts';
import type { Strategy } from '../strategy.ts';
import type { Lease } from './lease.ts';

/** What a lease has to say of what the instance runs, and the control state of what was approved. */
const LOADED = ['artifactDigest', 'limitsDigest', 'parametersDigest'] as const;

/** Why an instance is not seen to trade what was approved at this epoch: one sentence, or none. */
export function whyNotLive(instanceId: string, lease: Lease | undefined, state: Strategy, now: Date): string[] {
  if (!lease || lease.expiresAt <= now.toISOString()) return [`${instanceId} holds no lease`];
  if (lease.epoch !== state.epoch) return [`${instanceId} holds a lease of epoch ${lease.epoch}, not ${state.epoch}`];
  const mode = restrictionOf(state)?.mode ?? 'ACTIVE'; // what is throttled a moment after it went live is live
  if (lease.grantedMode !== mode) return [`${instanceId} holds a lease as ${lease.grantedMode}, not ${mode}`];
  const other = LOADED.find((name) => state[name] === undefined || lease.report[name] !== state[name]);
  if (!other) return [];
  return [`${instanceId} runs ${other} ${lease.report[other] ?? 'unknown'}, approved is ${state[other] ?? 'nothing'}`];
}
