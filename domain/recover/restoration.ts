import * as z from 'zod';
import { RunId, StrategyId } from '../ids.ts';
import type { Lease } from '../lease/lease.ts';
import { whyNotLive } from '../lease/why-not-live.ts';
import type { Strategy } from '../strategy.ts';

/** For how long everything has to be green after the launch that follows a kill, before people are told that the strategy is restored. */
export const GREEN_MS = 5 * 60_000;

/** A launch as it was when it was confirmed live. */
const Watched = z.object({
  launch: RunId,
  liveAt: z.iso.datetime(),
  epoch: z.int().min(0),
  flagVersion: z.int().min(0),
});
export type Watched = z.infer<typeof Watched>;

/**
 * What is still to be told of a recovery (runbook section 6, last row; product decision 10): it awaits the next launch, then five green minutes
 * after that is live. One for each strategy; a launch that was not green leaves it to the next one.
 */
export const Restoration = z.object({
  id: StrategyId,
  recovery: RunId,
  /** The kill was a rehearsal. */
  drill: z.literal(true).optional(),
  watched: Watched.optional(),
  /** When people were told: nothing is to be told any more. */
  toldAt: z.iso.datetime().optional(),
});
export type Restoration = z.infer<typeof Restoration>;

/** The restoration with the launch that has just gone live; nothing where none is to be told of. */
export function watchLaunch(
  restoration: Restoration | undefined,
  { epoch, flagVersion }: Pick<Strategy, 'epoch' | 'flagVersion'>,
  launch: RunId,
  now: Date,
): Restoration | undefined {
  if (!restoration || restoration.toldAt !== undefined) return undefined;
  return { ...restoration, watched: { launch, liveAt: now.toISOString(), epoch, flagVersion } };
}

/** What a look at it comes to: wait, or the reason why it is not restored, or that it is. */
export type RestorationVerdict = 'wait' | 'restored' | { readonly doubt: string };

/**
 * Judges the launch that is watched. Every kill, stop and lost lease raises the epoch, and every write of the flag its version: where both are as
 * they were and every engine holds its lease now, nothing came between, however late this look is. So it needs no look in between to be right.
 */
export function judgeRestoration(
  watched: Watched,
  state: Strategy,
  leases: readonly { readonly instanceId: string; readonly lease: Lease | undefined }[],
  now: Date,
): RestorationVerdict {
  if (state.latch) return { doubt: `it was killed again: ${state.latch.reason}` };
  if (state.run?.id !== watched.launch || state.epoch !== watched.epoch)
    return { doubt: 'it was stopped, or lost a lease, before five minutes were over' };
  if (state.mode !== 'ACTIVE') return { doubt: `it is ${state.mode}` };
  if (state.flagVersion !== watched.flagVersion) return { doubt: 'live.enabled was written again' };
  const [missing] = leases.flatMap(({ instanceId, lease }) => whyNotLive(instanceId, lease, state, now));
  if (missing !== undefined) return { doubt: missing };
  return now.getTime() - Date.parse(watched.liveAt) < GREEN_MS ? 'wait' : 'restored';
}
