import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';
import type { ControlFunction } from './control-function.ts';

/** A look at the control plane's own health each minute. A late tick is worthless: it is dropped, never retried, and missing ones raise the alarm. */
export class HealthTick extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { tick, alarms }: { readonly tick: ControlFunction; readonly alarms: Alarms },
  ) {
    super(scope, id);
    const input = ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const target = new LambdaInvoke(tick, { role, input, retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Schedule(this, 'EachMinute', {
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      description: 'TradePulse health tick',
      target,
    });
    acknowledgeWildcard(
      this,
      `${tick.functionArn}:*`,
      'The schedule may invoke versions of the one function it starts.',
    );
    alarms.on(this, 'NoTick', {
      metric: tick.metricErrors({ period: Duration.minutes(5) }),
      impact:
        'The control plane no longer watches its own health: status pages may show an old state as the present one.',
      whenMissing: TreatMissingData.BREACHING,
    });
  }
}
