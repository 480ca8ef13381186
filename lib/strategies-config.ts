import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { problemLines, readYaml } from '../adapters/yaml/read-yaml.ts';
import { StrategyPolicy } from '../adapters/yaml/strategy-policy.ts';

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
    policy: StrategyPolicy,
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

/** `config/strategies.yaml`, checked. Throws with every mistake, each with its line. */
export function readStrategies(file: string): readonly StrategyConfig[] {
  return parseStrategies(readFileSync(file, 'utf8'), file);
}

/** The same from text; `name` is what the error calls it. */
export function parseStrategies(text: string, name: string): readonly StrategyConfig[] {
  const { value, problems } = readYaml(text, StrategiesConfig);
  if (problems) throw new Error(`${name} is not valid:\n${problemLines(name, problems)}`);
  return value.strategies;
}
