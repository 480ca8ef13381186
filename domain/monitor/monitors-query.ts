import * as z from 'zod';
import { StrategyId } from '../ids.ts';

/** Which strategies' monitors are asked for: all of them, or one. */
export const MonitorsQuery = z.strictObject({ strategy: StrategyId.optional() });
export type MonitorsQuery = z.infer<typeof MonitorsQuery>;
