import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Stack } from './open-stack.ts';

export type MachineDefinition = { readonly name: string; readonly arn: string; readonly definition: string };

const Properties = z.object({
  StateMachineName: z.string(),
  DefinitionS3Location: z.object({ Key: z.string() }),
  DefinitionSubstitutions: z.record(z.string(), z.string()).default({}),
});

/** Every state machine, with the ARNs of its functions put into its ASL. Throws for a placeholder that nothing fills. */
export function stateMachines(stack: Stack): MachineDefinition[] {
  return stack.list('AWS::StepFunctions::StateMachine', Properties).map(({ ref: arn, properties }) => {
    const { StateMachineName: name, DefinitionS3Location, DefinitionSubstitutions } = properties;
    const asl = readFileSync(stack.assetPath(DefinitionS3Location.Key), 'utf8');
    return { name, arn, definition: substitute(asl, DefinitionSubstitutions, name) };
  });
}

function substitute(asl: string, values: Readonly<Record<string, string>>, machine: string): string {
  return asl.replace(/\$\{([A-Za-z0-9]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`state machine ${machine}: nothing in the template fills \${${name}}`);
    return JSON.stringify(value).slice(1, -1);
  });
}
