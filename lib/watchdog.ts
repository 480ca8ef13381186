import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ContextAttribute, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { ControlFunction } from './control-function.ts';
import { eachMinute } from './each-minute.ts';

/** Of so many minutes half the ticks have to be there: less is a watchdog that stands still, and not a handover or a slow line of a log. */
const WINDOW = Duration.minutes(2);
const FEWEST_TICKS = 60;

/**
 * Runbook 3: the watchdog is called each minute and looks each second until the next one takes over. Its absence is told from outside: each tick is counted
 * by a line of the log, and too few of them raise the alarm, as none at all do.
 */
export class Watchdog extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { watch, alarms }: { readonly watch: ControlFunction; readonly alarms: Alarms },
  ) {
    super(scope, id);
    watch.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) }); // the next minute brings another
    eachMinute(this, {
      fn: watch,
      input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
      description: 'TradePulse: watches every strategy',
    });
    const ticks = new Metric({
      ...{ namespace: 'TradePulse', metricName: 'WatchdogTicks', statistic: 'Sum', period: WINDOW },
    });
    alarms.on(this, 'NobodyWatches', {
      metric: new MathExpression({
        expression: `IF(ticks < ${FEWEST_TICKS}, 1, 0)`,
        usingMetrics: { ticks },
        period: WINDOW,
        label: 'The watchdog stands still',
      }),
      impact: 'No rule looks at strategies that trade: watch them by hand, and stop or kill what you cannot watch.',
      whenMissing: TreatMissingData.BREACHING,
    });
  }
}
