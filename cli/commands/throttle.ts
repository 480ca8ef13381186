import type { Context } from '../context.ts';
import { type HoldBackOptions, holdBack } from './hold-back.ts';

export type ThrottleOptions = HoldBackOptions & { readonly rate?: string };

/** Runbook 5.3.1: fewer orders a second, at once and by one person. A rate that is no number means the usual one. */
export function throttle(context: Context, { rate, ...options }: ThrottleOptions): Promise<void> {
  const ordersPerSec = rate === undefined || rate.trim() === '' ? Number.NaN : Number(rate);
  const isRate = Number.isFinite(ordersPerSec) && ordersPerSec >= 0;
  if (rate !== undefined && !isRate)
    context.out.note('  --rate is no rate: it is throttled to the usual share instead');
  return holdBack(context, 'throttles', options, isRate ? { ordersPerSec } : {});
}
