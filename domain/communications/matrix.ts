import * as z from 'zod';
import { Digest } from '../ids.ts';
import { Trigger } from './trigger.ts';

/** Over which kind of provider a channel is reached. */
export const Via = z.enum(['slack', 'pagerduty', 'email']);
export type Via = z.infer<typeof Via>;

export const Severity = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof Severity>;

/** A channel of `config/communications.yaml`, by name. Where it leads stands in a secret, under the same name. */
export const Channel = z.discriminatedUnion('via', [
  z.strictObject({ via: z.literal('slack') }),
  z.strictObject({ via: z.literal('pagerduty') }),
  z.strictObject({ via: z.literal('email'), to: z.array(z.email()).min(1).max(50) }),
]);
export type Channel = z.infer<typeof Channel>;

/** A row of the communication matrix (runbook section 6). `template` is the runbook's to the letter, `more` what stands below it; `<word>` names a fact. */
export const Row = z.strictObject({
  audience: z.array(z.string().min(1).max(60)).min(1).max(20),
  channels: z.array(z.string().min(1).max(60)).min(1).max(10),
  template: z.string().min(1).max(500),
  more: z.string().min(1).max(1000).optional(),
  severity: Severity,
  /** Channels that take over, in this order, when one of `channels` fails. */
  escalateTo: z.array(z.string().min(1).max(60)).max(5).default([]),
  /** What a pager makes of it; by the dedup key of this trigger, or of the one in `of`. */
  page: z.enum(['trigger', 'acknowledge', 'resolve']).optional(),
  of: Trigger.optional(),
});
export type Row = z.infer<typeof Row>;

/** The matrix as it is stored, with the digest of its content. A trigger that is newer than the deployment has no row yet. */
export const Matrix = z.object({
  id: z.literal('communications'),
  digest: Digest,
  channels: z.record(z.string(), Channel),
  rows: z.partialRecord(Trigger, Row),
});
export type Matrix = z.infer<typeof Matrix>;
