import * as z from 'zod';
import type { Bounds, SmokeBand } from './smoke-bands.ts';

/** `inconclusive`: too little was measured to prove anything. It is no more a pass than `failed` is. */
export const SmokeVerdict = z.enum(['passed', 'failed', 'inconclusive']);
export type SmokeVerdict = z.infer<typeof SmokeVerdict>;

/** Below their least, these prove nothing about the others. */
const AMOUNTS: readonly SmokeBand[] = ['bars', 'orders'];

/** Whether a measured value lies in its band. What was not measured, and what is no number, never passes. */
export function judgeBand(band: SmokeBand, measured: number | null, { min, max }: Bounds): SmokeVerdict {
  if (measured === null || !Number.isFinite(measured)) return 'inconclusive';
  if (min !== undefined && measured < min) return AMOUNTS.includes(band) ? 'inconclusive' : 'failed';
  return max !== undefined && measured > max ? 'failed' : 'passed';
}

/** The verdict of several: one that failed says more than one that proved nothing; of none at all nothing is proved. */
export function worstSmokeVerdict(verdicts: readonly SmokeVerdict[]): SmokeVerdict {
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'passed';
}
