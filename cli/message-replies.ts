import * as z from 'zod';
import { time } from './replies.ts';

/** A message on one channel, with its proof. */
const Delivery = z.looseObject({
  ...{ id: z.string(), trigger: z.string(), channel: z.string(), severity: z.string(), status: z.string() },
  ...{ subject: z.string(), text: z.string(), audience: z.array(z.string()) },
  ...{ at: time, detectedAt: time, sentAt: time.nullish(), acknowledgedAt: time.nullish() },
  ...{ strategyId: z.string().nullish(), escalatedTo: z.string().nullish(), escalatedFrom: z.string().nullish() },
  attempts: z.array(z.looseObject({ at: time, tookMs: z.number(), outcome: z.string(), detail: z.string() })),
});
export type Delivery = z.infer<typeof Delivery>;
export const Deliveries = z.looseObject({ deliveries: z.array(Delivery) });
export const ChannelTested = z.looseObject({ delivery: z.string(), channel: z.string(), summary: z.string() });
