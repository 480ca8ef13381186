/** How a task ends: with its call, with the end of what it started, or with a callback. */
export type Pattern = 'request' | 'sync' | 'callback';

/** What the `Resource` of a Task means. */
export interface Resource {
  readonly integration: 'function' | 'lambda' | 'states' | 'events';
  readonly pattern: Pattern;
  /** `lambda`, `states`, `events`: as the history names it. */
  readonly resourceType: string;
  /** `invoke.waitForTaskToken`, `startExecution.sync:2`; the ARN itself for a function. */
  readonly resource: string;
}

const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]*:\d*:function:[\w-]+(:[\w$-]+)?$/;
const SERVICES: readonly Omit<Resource, 'resourceType'>[] = [
  { integration: 'lambda', resource: 'invoke', pattern: 'request' },
  { integration: 'lambda', resource: 'invoke.waitForTaskToken', pattern: 'callback' },
  { integration: 'states', resource: 'startExecution', pattern: 'request' },
  { integration: 'states', resource: 'startExecution.sync', pattern: 'sync' },
  { integration: 'states', resource: 'startExecution.sync:2', pattern: 'sync' },
  { integration: 'events', resource: 'putEvents', pattern: 'request' },
];

/** Reads a `Resource`; undefined for an integration this engine does not have (refused at load). */
export function parseResource(arn: string): Resource | undefined {
  if (FUNCTION_ARN.test(arn)) {
    return { integration: 'function', pattern: 'request', resourceType: 'lambda', resource: arn };
  }
  const [, service, action] = /^arn:[\w-]+:states:[\w-]*:\d*:(\w+):(.+)$/.exec(arn) ?? [];
  const found = SERVICES.find(({ integration, resource }) => integration === service && resource === action);
  return found && { ...found, resourceType: found.integration };
}
