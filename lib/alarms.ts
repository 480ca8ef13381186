import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What on-call is told: `impact` is the sentence they read, what no longer works for whom. */
type AlarmProps = { readonly metric: IMetric; readonly impact: string; readonly whenMissing?: TreatMissingData };

/** Where the control plane's own failures go. People subscribe to the topic (docs/deploy.md); trading alerts are not sent here. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { key }: { readonly key: Key }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      displayName: 'TradePulse Control Plane alarms',
      masterKey: key,
      enforceSSL: true,
    });
    key.grantEncryptDecrypt(new ServicePrincipal('cloudwatch.amazonaws.com'));
  }

  /** Raised when the metric's sum over a period reaches one. */
  on(
    scope: Construct,
    id: string,
    { metric, impact, whenMissing = TreatMissingData.NOT_BREACHING }: AlarmProps,
  ): Alarm {
    const alarm = new Alarm(scope, id, {
      metric,
      alarmDescription: impact,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: whenMissing,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}

/** The period of every alarm: a failure is told within it. */
export const alarmPeriod = Duration.minutes(1);

/** What Lambdas of ours count themselves, by a line of their logs (adapters/aws/alarm-metric.ts). */
export const counted = (metricName: string): IMetric =>
  new Metric({ namespace: 'TradePulse', metricName, period: alarmPeriod, statistic: 'Sum' });
