import * as z from 'zod';
import { functionNameIn } from './lambda-functions.ts';
import type { Stack } from './open-stack.ts';

/** A schedule of EventBridge Scheduler, or a rule with one. */
export type ScheduleDefinition = {
  readonly name: string;
  /** `rate(...)`, `cron(...)` or `at(...)` */
  readonly expression: string;
  readonly timeZone: string;
  readonly functionName: string;
  /** The text that the function gets; `<aws.scheduler.scheduled-time>` in it is replaced. Absent: an event of EventBridge's own. */
  readonly input?: string;
};

const Schedule = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.object({ Arn: z.string(), Input: z.string().optional() }),
});
const Rule = z.object({
  ScheduleExpression: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(z.object({ Arn: z.string(), Id: z.string(), Input: z.string().optional() })).default([]),
});

/** Every enabled schedule of the stack that calls a function. Another kind of target is refused. */
export function schedules(stack: Stack): ScheduleDefinition[] {
  const own = stack
    .list('AWS::Scheduler::Schedule', Schedule)
    .filter(({ properties }) => properties.State === 'ENABLED')
    .map(({ logicalId, properties: { ScheduleExpression, ScheduleExpressionTimezone, Target } }) =>
      definition(logicalId, ScheduleExpression, ScheduleExpressionTimezone, Target),
    );
  const rules = stack
    .list('AWS::Events::Rule', Rule)
    .filter(({ properties }) => properties.State === 'ENABLED')
    .flatMap(({ logicalId, properties: { ScheduleExpression, Targets } }) =>
      ScheduleExpression === undefined
        ? []
        : Targets.map((target) => definition(`${logicalId}/${target.Id}`, ScheduleExpression, 'UTC', target)),
    );
  return [...own, ...rules];
}

function definition(
  name: string,
  expression: string,
  timeZone: string,
  { Arn, Input }: { Arn: string; Input?: string | undefined },
): ScheduleDefinition {
  const functionName = functionNameIn(Arn);
  if (!functionName) throw new Error(`${name}: the target ${Arn} is not a function`);
  return { name, expression, timeZone, functionName, ...(Input !== undefined && { input: Input }) };
}
