import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ContextAttribute, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { ControlFunction } from './control-function.ts';
import { eachMinute } from './each-minute.ts';

/** A look at the control plane's own health each minute. A late tick is worthless: it is dropped, never retried, and missing ones raise the alarm. */
export class HealthTick extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { tick, alarms }: { readonly tick: ControlFunction; readonly alarms: Alarms },
  ) {
    super(scope, id);
    eachMinute(this, {
      fn: tick,
      input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
      description: 'TradePulse health tick',
    });
    alarms.on(this, 'NoTick', {
      metric: tick.metricErrors({ period: Duration.minutes(5) }),
      impact:
        'The control plane no longer watches its own health: status pages may show an old state as the present one.',
      whenMissing: TreatMissingData.BREACHING,
    });
  }
}
