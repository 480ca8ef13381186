import * as z from 'zod';

const Common = {
  routing_key: z.string().length(32),
  client: z.string().max(255).optional(),
  client_url: z.url().max(2048).optional(),
};

const Payload = z.strictObject({
  summary: z.string().min(1).max(1024),
  source: z.string().min(1).max(255),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  component: z.string().max(255).optional(),
  group: z.string().max(255).optional(),
  class: z.string().max(255).optional(),
  custom_details: z.record(z.string(), z.unknown()).optional(),
});

/**
 * An event of the Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview). Acknowledging and resolving need
 * the key of the alert; what the documentation does not describe is refused.
 */
export const PagerdutyPayload = z.discriminatedUnion('event_action', [
  z.strictObject({
    ...Common,
    event_action: z.literal('trigger'),
    dedup_key: z.string().min(1).max(255).optional(),
    payload: Payload,
  }),
  z.strictObject({
    ...Common,
    event_action: z.enum(['acknowledge', 'resolve']),
    dedup_key: z.string().min(1).max(255),
    payload: Payload.optional(),
  }),
]);
export type PagerdutyPayload = z.infer<typeof PagerdutyPayload>;
