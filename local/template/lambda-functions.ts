import * as z from 'zod';
import type { Stack } from './open-stack.ts';

/** A function as it is deployed: its bundle, and what Lambda would start it with. */
export type LambdaFunction = {
  readonly name: string;
  readonly arn: string;
  /** Folder of the bundle. */
  readonly codePath: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Executions at a time that AWS keeps for it, and holds it to. */
  readonly reserved?: number;
  /** How often an asynchronous invocation that failed is repeated. */
  readonly asyncRetries: number;
};

const Properties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string().regex(/^[^.]+\.[^.]+$/),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  ReservedConcurrentExecutions: z.number().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
});
const EventInvokeConfig = z.object({ FunctionName: z.string(), MaximumRetryAttempts: z.number().default(2) });

/** Every function of the stack. */
export function lambdaFunctions(stack: Stack): LambdaFunction[] {
  const asynchronous = stack.list('AWS::Lambda::EventInvokeConfig', EventInvokeConfig);
  const { region, account } = stack.place;
  return stack.list('AWS::Lambda::Function', Properties).map(({ ref: name, properties }) => {
    const own = asynchronous.find(({ properties: { FunctionName } }) => FunctionName === name);
    return {
      name,
      arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
      codePath: stack.assetPath(properties.Code.S3Key),
      handler: properties.Handler,
      timeoutMs: properties.Timeout * 1000,
      memoryMb: properties.MemorySize,
      environment: properties.Environment?.Variables ?? {},
      asyncRetries: own?.properties.MaximumRetryAttempts ?? 2,
      ...(properties.ReservedConcurrentExecutions && { reserved: properties.ReservedConcurrentExecutions }),
    };
  });
}

/** The name in a function's ARN, or undefined when the text holds none. */
export const functionNameIn = (arn: string): string | undefined =>
  /arn:aws:lambda:[^:]*:[^:]*:function:([^:/]+)/.exec(arn)?.[1];
