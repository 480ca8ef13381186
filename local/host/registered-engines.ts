import * as z from 'zod';
import { customResources } from '../template/custom-resources.ts';
import type { Stack } from '../template/open-stack.ts';

const Registrations = z.array(
  z.object({
    id: z.string(),
    desk: z.string(),
    primaryVenue: z.string(),
    venues: z.array(z.object({ id: z.string(), url: z.string(), sessions: z.unknown().optional() })).min(1),
    engines: z.array(z.object({ instanceId: z.string(), controlUrl: z.string(), clientId: z.string() })),
  }),
);
export type EngineRegistration = z.infer<typeof Registrations>[number];

/** The strategies of the template with their venues and engine instances, for the simulation of both. */
export const registeredEngines = (stack: Stack): EngineRegistration[] =>
  customResources(stack)
    .filter(({ type }) => type === 'Custom::StrategyRegistry')
    .flatMap(({ properties }) => Registrations.parse(JSON.parse(z.string().parse(properties['Strategies']))));
