import * as z from 'zod';
import { StrategyId } from '../ids.ts';

/** What the communication matrix (runbook section 6) is keyed by, plus what this product must also tell. */
export const Trigger = z.enum([
  'launch-start',
  'launch-withdrawn',
  'launch-postponed',
  'approval-void',
  'launch-live',
  'resume-start',
  'resume-withdrawn',
  'resume-live',
  'planned-halt',
  'halt-confirmed',
  'kill-switch',
  'kill-unconfirmed',
  'kill-confirmed',
  'kill-certificate',
  'incident-updated',
  'launch-allowed',
]);
export type Trigger = z.infer<typeof Trigger>;

/** A message in the outbox, written together with the change it tells about. Channels send it from there. */
export const Delivery = z.object({
  id: z.string().min(1),
  /** Of the matrix; or somebody tried to kill who may not, which is about no strategy. */
  trigger: z.enum([...Trigger.options, 'unauthorised-kill']),
  strategyId: StrategyId.optional(),
  audience: z.array(z.string()),
  channel: z.string(),
  text: z.string(),
  at: z.iso.datetime(),
  status: z.literal('outbox'),
  /** Of a drill: whoever sends it pages nobody. */
  drill: z.literal(true).optional(),
});
export type Delivery = z.infer<typeof Delivery>;
