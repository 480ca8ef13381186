import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

/** AppConfig allows 20 environments in one application, and each strategy has an environment of its own. */
const STRATEGIES_PER_APPLICATION = 20;
/** An HTTP API's JWT authorizer accepts 50 audiences, and each engine instance has a client of its own. */
const ENGINE_INSTANCES = 50;

const Id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, '1 to 40 of a-z, 0-9 and -, starting with a letter');
const Url = z
  .string()
  .regex(
    /^(https?:\/\/|\$\{(EngineBaseUrl|VenueBaseUrl)\})\S*$/,
    'an http(s) url, or one that starts with the parameter EngineBaseUrl or VenueBaseUrl in $ and braces',
  );
const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM');

const Sessions = z.strictObject({
  timeZone: z.string().min(1),
  days: z.array(z.enum(['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'])).min(1),
  open: Time,
  close: Time,
});

const SmokeBand = z.enum(['bars', 'orders', 'notional', 'price-distance', 'rejects', 'cancel-ratio', 'latency', 'age']);
const SmokeBands = z
  .strictObject({
    minOrders: z.int().min(1),
    maxOrders: z.int().min(1),
    maxNotional: z.number().positive(),
    maxPriceDistanceBps: z.number().positive(),
    maxRejects: z.int().min(0),
    maxCancelRatio: z.number().min(0).default(1),
    maxLatencyP95Ms: z.number().positive().default(120),
    maxAgeHours: z.number().positive().optional(),
    soft: z.array(SmokeBand).default(['latency']),
  })
  .refine(({ minOrders, maxOrders }) => minOrders <= maxOrders, 'minOrders is more than maxOrders');

const CiSource = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('attestation') }),
  z.strictObject({
    source: z.literal('github'),
    repository: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'a repository is owner/name'),
  }),
]);

const ReleaseWindow = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, 'a time zone like Europe/London'),
    days: Sessions.shape.days,
    from: Time,
    to: Time,
  })
  .refine(({ from, to }) => from < to, 'the window ends before it begins: from has to be earlier than to');

const Policy = z.strictObject({
  maxOrdersPerSec: z.number().positive(),
  drainSeconds: z.int().min(1),
  drainPolicy: z.literal('cancel'),
  confirmationMinutes: z.int().min(1).max(30),
  flipMinutes: z.int().min(1).max(15),
  killConfirmationMinutes: z.int().min(1),
  killRecoveryMinutes: z.int().min(1).default(120),
  bridgeUrl: z.url().optional(),
  smoke: SmokeBands,
  launchLeadMinutes: z.int().min(0).max(1440).default(120),
  engineConfiguration: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 hex digits')
    .optional(),
  requiredChecks: z
    .array(z.string().min(1).max(100))
    .min(1)
    .max(50)
    .default(['build', 'heavy-math', 'cross-architecture']),
  ci: CiSource.default({ source: 'attestation' }),
  ciMaxAgeHours: z.int().min(1).max(8784).default(168),
  releaseWindow: ReleaseWindow.optional(),
  errorBudget: z.strictObject({ failures: z.int().min(0).max(100), days: z.int().min(1).max(90) }).optional(),
  overrideAuthorisers: z
    .array(z.enum(['execution-trader', 'quant', 'sre']))
    .min(1)
    .default(['sre', 'quant']),
});

const StrategyConfig = z
  .strictObject({
    id: Id,
    desk: z.string().min(1),
    environment: z.string().min(1),
    primaryVenue: z.string().min(1),
    venues: z
      .array(
        z.strictObject({
          id: z.string().min(1),
          url: Url,
          /** Left out: live. Only a strategy whose venues are all paper or simulated can be drilled. */
          kind: z.enum(['live', 'paper', 'simulated']).optional(),
          /** How the kill path is probed there before a launch: with an order that cannot fill, or with none. Left out: with one, unless the venue is live. */
          probe: z.enum(['order', 'empty']).optional(),
          /** When the simulator trades, of a simulated venue; when a venue trades for the gates stands in config/venues. */
          sessions: Sessions.optional(),
        }),
      )
      .min(1),
    leaseTtlMs: z.int().min(1000).max(5000),
    flag: z.strictObject({ application: Id }),
    engines: z.array(z.strictObject({ instanceId: Id, controlUrl: Url })).min(1),
    policy: Policy,
  })
  .refine(
    ({ venues, primaryVenue }) => venues.some(({ id }) => id === primaryVenue),
    'primaryVenue is not one of venues',
  );
export type StrategyConfig = z.infer<typeof StrategyConfig>;

const repeated = (values: readonly string[]) => [
  ...new Set(values.filter((value, at) => values.indexOf(value) !== at)),
];

const StrategiesConfig = z
  .strictObject({ strategies: z.array(StrategyConfig).min(1) })
  .superRefine(({ strategies }, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    const instances = strategies.flatMap(({ engines }) => engines.map(({ instanceId }) => instanceId));
    for (const id of repeated(strategies.map(({ id }) => id))) refuse(`strategy ${id} stands there twice`);
    for (const id of repeated(instances)) refuse(`engine instance ${id} stands there twice`);
    if (instances.length > ENGINE_INSTANCES)
      refuse(`${instances.length} engine instances; the lease API's authorizer takes ${ENGINE_INSTANCES}`);
    for (const [application, { length }] of byApplication(strategies)) {
      if (length > STRATEGIES_PER_APPLICATION)
        refuse(
          `flag.application ${application} holds ${length} strategies; AppConfig allows ${STRATEGIES_PER_APPLICATION}: use a second one`,
        );
    }
  });

/** The strategies of each AppConfig application, in the order of the file. */
export function byApplication(strategies: readonly StrategyConfig[]): ReadonlyMap<string, readonly StrategyConfig[]> {
  return Map.groupBy(strategies, ({ flag }) => flag.application);
}

/** `config/strategies.yaml`, checked. Throws with every mistake, each with its place in the file. */
export function readStrategies(file: string): readonly StrategyConfig[] {
  return parseStrategies(readFileSync(file, 'utf8'), file);
}

/** The same from text; `name` is what the error calls it. */
export function parseStrategies(text: string, name: string): readonly StrategyConfig[] {
  const parsed = StrategiesConfig.safeParse(parse(text));
  if (!parsed.success) throw new Error(`${name} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data.strategies;
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // a RangeError: there is no such zone
  }
}
