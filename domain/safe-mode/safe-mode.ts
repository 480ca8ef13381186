import * as z from 'zod';
import { ActorId, RunId } from '../ids.ts';

/** Why a strategy was taken into safe mode (runbook 3.4, 5.2): one of the watchdog's, or a person. */
export const SafeModeCause = z.enum(['market-data', 'heartbeat', 'risk-telemetry', 'effective', 'manual']);
export type SafeModeCause = z.infer<typeof SafeModeCause>;

/** The safe mode that a strategy is in: which run of the machine looks after it, why, by whom, since when. */
export const SafeMode = z.object({
  runId: RunId,
  cause: SafeModeCause,
  reason: z.string(),
  by: ActorId,
  at: z.iso.datetime(),
  /** Id of the data incident, where market data is out. */
  incident: z.string().optional(),
});
export type SafeMode = z.infer<typeof SafeMode>;
