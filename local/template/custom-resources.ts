import * as z from 'zod';
import { functionNameIn } from './lambda-functions.ts';
import type { Stack } from './open-stack.ts';

export type CustomResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly functionName: string;
  readonly properties: Readonly<Record<string, unknown>>;
};

const Custom = z.looseObject({ ServiceToken: z.string() });

/** The custom resources of the stack, in its order, with all their properties resolved. */
export function customResources(stack: Stack): CustomResource[] {
  return stack.list('Custom::', Custom).map(({ logicalId, type, properties }) => {
    const functionName = functionNameIn(properties.ServiceToken);
    if (!functionName) throw new Error(`${logicalId} (${type}): ${properties.ServiceToken} is not a function`);
    return { logicalId, type, functionName, properties };
  });
}
