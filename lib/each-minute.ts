import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, type ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { ControlFunction } from './control-function.ts';

type EachMinuteProps = {
  readonly fn: ControlFunction;
  readonly input: ScheduleTargetInput;
  readonly description: string;
};

/** Calls a function each minute. A late call is worthless: it is dropped, never retried. */
export function eachMinute(scope: Construct, { fn, input, description }: EachMinuteProps): void {
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  const target = new LambdaInvoke(fn, { role, input, retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Schedule(scope, 'EachMinute', { schedule: ScheduleExpression.rate(Duration.minutes(1)), description, target });
  acknowledgeWildcard(scope, `${fn.functionArn}:*`, 'The schedule may invoke versions of the one function it starts.');
}
