import type { Context } from '../context.ts';
import { type HoldBackOptions, holdBack } from './hold-back.ts';

/** Product decision 7: only orders that close a position go out, at once and by one person. */
export const reduceOnly = (context: Context, options: HoldBackOptions): Promise<void> =>
  holdBack(context, 'reductions', options);
