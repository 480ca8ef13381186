import * as z from 'zod';
import { StrategyId } from '../ids.ts';

/** What a strategy is meant to hold of one instrument, in its units; short is negative. */
export const Target = z.object({ instrument: z.string().min(1).max(80), quantity: z.number() });
export type Target = z.infer<typeof Target>;

/** The portfolio targets of one strategy, as a file of the evidence bucket (`portfolio/targets/<strategy>.json`) says them (runbook 3.3). */
export const Targets = z.object({ strategy: StrategyId, at: z.iso.datetime(), targets: z.array(Target).max(200) });
export type Targets = z.infer<typeof Targets>;
