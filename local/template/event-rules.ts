import * as z from 'zod';
import { functionNameIn } from './lambda-functions.ts';
import type { Stack } from './open-stack.ts';

export type RuleDefinition = {
  readonly name: string;
  readonly bus: string;
  readonly pattern: unknown;
  readonly targets: readonly { readonly id: string; readonly functionName: string }[];
};

const Rule = z.object({
  EventPattern: z.unknown().optional(),
  EventBusName: z.string().default('default'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(
      z.object({
        Id: z.string(),
        Arn: z.string(),
        Input: z.undefined({ error: 'is not served: targets get the event' }).optional(),
        InputPath: z.undefined({ error: 'is not served: targets get the event' }).optional(),
        InputTransformer: z.undefined({ error: 'is not served: targets get the event' }).optional(),
      }),
    )
    .default([]),
});

/** The enabled rules with an event pattern, and the functions they call with the whole event. */
export function eventRules(stack: Stack): RuleDefinition[] {
  return stack
    .list('AWS::Events::Rule', Rule)
    .filter(({ properties: { State, EventPattern } }) => State === 'ENABLED' && EventPattern !== undefined)
    .map(({ logicalId, properties }) => ({
      name: logicalId,
      bus: properties.EventBusName.replace(/^arn:.*event-bus\//, ''),
      pattern: properties.EventPattern,
      targets: properties.Targets.map(({ Id, Arn }) => {
        const functionName = functionNameIn(Arn);
        if (!functionName) throw new Error(`rule ${logicalId}: the target ${Arn} is not a function`);
        return { id: Id, functionName };
      }),
    }));
}
