import * as z from 'zod';
import type { Stack } from './open-stack.ts';

const Application = z.object({ Name: z.string() });
const Environment = z.object({ Name: z.string(), ApplicationId: z.string() });
const Profile = Environment.extend({ Type: z.string().default('AWS.Freeform') });
const Strategy = z.object({
  Name: z.string(),
  DeploymentDurationInMinutes: z.number(),
  GrowthFactor: z.number(),
  GrowthType: z.enum(['LINEAR', 'EXPONENTIAL']).default('LINEAR'),
  FinalBakeTimeInMinutes: z.number().default(0),
});

/** What the stack declares of AppConfig, with ids derived from logical ids: the same at every start. */
export const appConfigResources = (stack: Stack) => ({
  applications: stack
    .list('AWS::AppConfig::Application', Application)
    .map(({ ref: id, properties: { Name: name } }) => ({ id, name })),
  environments: stack
    .list('AWS::AppConfig::Environment', Environment)
    .map(({ ref: id, properties: { Name: name, ApplicationId: applicationId } }) => ({ id, name, applicationId })),
  profiles: stack
    .list('AWS::AppConfig::ConfigurationProfile', Profile)
    .map(({ ref: id, properties: { Name: name, ApplicationId: applicationId, Type: type } }) => ({
      id,
      name,
      applicationId,
      type,
    })),
  strategies: stack.list('AWS::AppConfig::DeploymentStrategy', Strategy).map(({ ref: id, properties }) => ({
    id,
    name: properties.Name,
    deploymentDurationInMinutes: properties.DeploymentDurationInMinutes,
    growthFactor: properties.GrowthFactor,
    growthType: properties.GrowthType,
    finalBakeTimeInMinutes: properties.FinalBakeTimeInMinutes,
  })),
});
