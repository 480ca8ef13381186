import * as z from 'zod';
import { RunId, StrategyId } from '../ids.ts';
import { Severity, Via } from './matrix.ts';
import { Trigger } from './trigger.ts';

/** One try to hand a delivery to its provider. `detail` is its status or error: never a secret, never a url. */
export const Attempt = z.object({
  at: z.iso.datetime(),
  tookMs: z.number().min(0),
  outcome: z.enum(['acknowledged', 'retry', 'failed']),
  detail: z.string().max(300),
  providerId: z.string().max(200).optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** A message on its way over one channel, with the proof of it: when it happened, was known, was sent and was acknowledged by the provider. */
export const Delivery = z.object({
  /** `<message>/<channel>` */
  id: z.string().min(1).max(500),
  message: z.string().min(1),
  trigger: Trigger,
  strategyId: StrategyId.optional(),
  runId: RunId.optional(),
  audience: z.array(z.string()),
  channel: z.string(),
  via: Via,
  severity: Severity,
  subject: z.string(),
  text: z.string(),
  at: z.iso.datetime(),
  detectedAt: z.iso.datetime(),
  /** When the provider was asked the time that it said yes to (until then: the last time), and when it said yes. */
  sentAt: z.iso.datetime().optional(),
  acknowledgedAt: z.iso.datetime().optional(),
  status: z.enum(['waiting', 'acknowledged', 'failed']),
  attempts: z.array(Attempt).max(20),
  nextAttemptAt: z.iso.datetime().optional(),
  /** Until when one courier has it to itself. */
  claimedUntil: z.iso.datetime().optional(),
  /** The channel that took over when this one failed; and, of that one, the channel it took over from. */
  escalatedTo: z.string().optional(),
  escalatedFrom: z.string().optional(),
  /** By which a pager knows that two messages are about one incident. */
  dedupKey: z.string().max(255).optional(),
  page: z.enum(['trigger', 'acknowledge', 'resolve']).optional(),
  drill: z.literal(true).optional(),
  version: z.int().min(1),
});
export type Delivery = z.infer<typeof Delivery>;

/** The id of a message's delivery over one channel. */
export const deliveryId = (message: string, channel: string): string => `${message}/${channel}`;
