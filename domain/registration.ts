import * as z from 'zod';
import { VenueKind } from './engine/venue-kind.ts';
import { StrategyId } from './ids.ts';

/** Bands that the orders of the smoke replay must stay in (runbook 2.4). Notional in the strategy's currency, distances in bps. */
export const SmokeBands = z.strictObject({
  minOrders: z.int().min(1),
  maxOrders: z.int().min(1),
  maxNotional: z.number().positive(),
  maxPriceDistanceBps: z.number().positive(),
  maxRejects: z.int().min(0),
});
export type SmokeBands = z.infer<typeof SmokeBands>;

/** What people have agreed for one strategy; times in seconds and minutes as their names say. */
export const Policy = z.strictObject({
  maxOrdersPerSec: z.number().positive(),
  drainSeconds: z.int().min(1),
  drainPolicy: z.literal('cancel'),
  confirmationMinutes: z.int().min(1).max(30),
  flipMinutes: z.int().min(1).max(15),
  killConfirmationMinutes: z.int().min(1),
  /** What people are told first when a kill is announced (runbook 5.1.3); `incident update` changes it for one kill. */
  killRecoveryMinutes: z.int().min(1).default(120),
  /** Where the people of an incident meet: told with every kill. */
  bridgeUrl: z.url().optional(),
  smoke: SmokeBands,
});

/**
 * What the deployed configuration says about a strategy (`config/strategies.yaml`, resolved by the stack): where its
 * engine instances and venues are, which AppConfig flag is its own, and its policy. Control URLs come only from here.
 */
export const Registration = z.object({
  id: StrategyId,
  desk: z.string().min(1),
  environment: z.string().min(1),
  /** Without a `kind` a venue is live. */
  venues: z.array(z.object({ id: z.string().min(1), url: z.url(), kind: VenueKind.optional() })).min(1),
  primaryVenue: z.string().min(1),
  leaseTtlMs: z.int().min(1000).max(60_000),
  flag: z.object({
    applicationId: z.string(),
    environmentId: z.string(),
    profileId: z.string(),
    deploymentStrategyId: z.string(),
  }),
  engines: z
    .array(
      z.object({
        instanceId: z.string().min(1),
        controlUrl: z.url(),
        /** The OAuth client whose tokens may renew this instance's lease, and no other's. */
        clientId: z.string().min(1),
      }),
    )
    .min(1),
  policy: Policy,
});
export type Registration = z.infer<typeof Registration>;

/** The list as CloudFormation hands it over: JSON text, since it turns numbers inside properties into strings. */
export const Registrations = z.string().transform((text, context) => {
  const parsed = z.array(Registration).safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});
