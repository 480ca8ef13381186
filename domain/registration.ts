import * as z from 'zod';
import { Role } from './approval/approval.ts';
import { VenueKind } from './engine/venue-kind.ts';
import { ErrorBudget } from './freeze/error-budget.ts';
import { ReleaseWindow } from './freeze/release-window.ts';
import { Digest, StrategyId } from './ids.ts';
import { CiSource } from './launch/ci-policy.ts';
import { SmokeBands } from './smoke/smoke-bands.ts';

/** What becomes of orders that still rest at a drain's deadline (product decision 8). */
export const DrainPolicy = z.enum(['cancel', 'leave-good-till-cancelled', 'escalate']);
export type DrainPolicy = z.infer<typeof DrainPolicy>;

/** What people have agreed for one strategy; times in seconds and minutes as their names say. */
export const Policy = z.strictObject({
  maxOrdersPerSec: z.number().positive(),
  /** How long a stop waits for open orders before `drainPolicy` applies (runbook 4.3). */
  drainSeconds: z.int().min(1).max(14_400),
  drainPolicy: DrainPolicy,
  /** How long the risk officer has to sign that orders stay, and how often people are told again that a drain is past its deadline. */
  drainSignOffMinutes: z.int().min(1).max(15).default(15),
  drainEscalationMinutes: z.int().min(1).max(60).default(5),
  confirmationMinutes: z.int().min(1).max(30),
  flipMinutes: z.int().min(1).max(15),
  killConfirmationMinutes: z.int().min(1),
  /** What people are told first when a kill is announced (runbook 5.1.3); `incident update` changes it for one kill. */
  killRecoveryMinutes: z.int().min(1).default(120),
  /** Where the people of an incident meet: told with every kill. */
  bridgeUrl: z.url().optional(),
  smoke: SmokeBands,
  /** Digest of the configuration that every engine instance must attest (runbook 2.2). Left out: they must agree with one another. */
  engineConfiguration: Digest.optional(),
  /** Runbook 1.3: how many minutes before a venue opens a launch may begin; orders start at the open (product decision 4). */
  launchLeadMinutes: z.int().min(0).max(1440).default(120),
  /** Runbook 1.2: which checks have to be green, where they are read, and how old they may be, in hours. */
  requiredChecks: z
    .array(z.string().min(1).max(100))
    .min(1)
    .max(50)
    .default(['build', 'heavy-math', 'cross-architecture']),
  ci: CiSource.default({ source: 'attestation' }),
  ciMaxAgeHours: z.int().min(1).max(8784).default(168),
  /** Agreements outside which launches are frozen (product decision 11), where there are any. */
  releaseWindow: ReleaseWindow.optional(),
  errorBudget: ErrorBudget.optional(),
  /** Who may authorise an override beside the risk officer (product decision 13). */
  overrideAuthorisers: z
    .array(Role.exclude(['risk-officer', 'auditor']))
    .min(1)
    .default(['sre', 'quant']),
  /** How many hours people have to look at what the review of a run has found (runbook 7); after that it freezes launches. */
  reviewHours: z.int().min(1).max(720).default(72),
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
  venues: z
    .array(
      z.object({
        id: z.string().min(1),
        url: z.url(),
        kind: VenueKind.optional(),
        /** How the kill path is probed there before a launch: with an order that cannot fill (default where nothing is live), or with none. */
        probe: z.enum(['order', 'empty']).optional(),
      }),
    )
    .min(1),
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
