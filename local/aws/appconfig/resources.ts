import * as z from 'zod';

/** Ids as AWS gives them; the host derives them from the template's logical ids, so that `Ref` resolves to the same id each time. */
const Id = z.string().regex(/^[a-z0-9]{4,7}$/, 'an AppConfig id has 4 to 7 of a-z and 0-9');
const Name = z.string().min(1).max(128);
const Minutes = z.number().int().min(0).max(1440);

const Strategy = z.strictObject({
  id: Id,
  name: Name.refine((name) => !name.startsWith('AppConfig.'), 'names that begin with AppConfig. belong to AWS'),
  deploymentDurationInMinutes: Minutes,
  growthFactor: z.number().min(1).max(100),
  growthType: z.enum(['LINEAR', 'EXPONENTIAL']).default('LINEAR'),
  finalBakeTimeInMinutes: Minutes.default(0),
});
export type Strategy = z.infer<typeof Strategy>;

/** What the template declares of AppConfig. Versions and deployments never come from it: the control plane owns those. */
export const AppConfigResources = z.strictObject({
  applications: z.array(z.strictObject({ id: Id, name: Name })),
  environments: z.array(z.strictObject({ id: Id, name: Name, applicationId: Id })),
  profiles: z.array(
    z.strictObject({ id: Id, name: Name, applicationId: Id, type: z.string().default('AWS.Freeform') }),
  ),
  strategies: z.array(Strategy),
});
export type AppConfigResources = z.infer<typeof AppConfigResources>;
export type Application = AppConfigResources['applications'][number];
export type Environment = AppConfigResources['environments'][number];
export type Profile = AppConfigResources['profiles'][number];
