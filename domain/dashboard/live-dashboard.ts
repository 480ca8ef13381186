import * as z from 'zod';
import { Digest } from '../ids.ts';
import { LiveSignal } from './live-signal.ts';

/** One line that a signal may not cross (`observability/dashboards/live.yaml`). `hard`: nobody overrides it. */
export const Threshold = z.object({
  id: z.string().min(1),
  title: z.string().min(1),
  signal: LiveSignal,
  is: z.enum(['below', 'at most', 'at least']),
  value: z.number(),
  unit: z.string(),
  /** What it means that there is nothing to measure yet. */
  unmeasured: z.enum(['no-go', 'warn']),
  hard: z.boolean(),
});
export type Threshold = z.infer<typeof Threshold>;

/** The thresholds of the deployed dashboard, and the digest of the file that says them. */
export const LiveDashboard = z.object({ id: z.literal('live'), digest: Digest, thresholds: z.array(Threshold).min(1) });
export type LiveDashboard = z.infer<typeof LiveDashboard>;

/** As CloudFormation hands it over: JSON text, since it turns numbers inside properties into strings. */
export const LiveDashboardText = z.string().transform((text, context) => {
  const parsed = LiveDashboard.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});
