import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

/** Every check of the control plane's own health (domain/health/health-item.ts), with what it means that it is bad: the sentence that on-call reads. */
const IMPACTS: Readonly<Record<string, string>> = {
  store: 'The store is slow or away: kills go to the spool, leases end by themselves, and nothing else can be decided.',
  watchdog: 'Nobody looks at strategies that trade: watch them by hand, and stop or kill what you cannot watch.',
  'health tick': 'The control plane does not measure its own health: no other alarm of it can be believed.',
  'kill spool':
    'A kill waits to be taken into the ledger: its engines are halted, and no lease is granted until it is.',
  'pending entries': 'Entries of a kill are not in the ledger yet: it cannot be recovered from until they are.',
  'ledger lag':
    'Entries of the ledger are not signed within five minutes: what happened since cannot be proved to a stranger.',
  checkpoints: 'A log holds less than was signed: keep everything as it is, call Compliance, and read docs/audit.md.',
  messages: 'People are not told: messages wait or have failed. Tell them by hand, and look at the channels.',
  clock: 'The clock of the control plane is wrong by seconds: leases, signatures and ages are judged by it.',
  'engine clocks': 'The clock of an engine is wrong by seconds: ages of its heartbeats are judged by it.',
  flags:
    'The flag live.enabled, as deployed last, cannot be read: the engines of these strategies may not open orders.',
  executions: 'A stop, a kill or what keeps a strategy safe has failed within a day: look at what it left undone.',
  thresholds: 'No thresholds of monitoring are registered: nothing is judged until config/monitors.yaml is deployed.',
  'risk limits': 'Something trades whose approved limits cannot be read: its use of them is not judged.',
};

const pascal = (name: string) => name.replaceAll(/(?:^| )(.)/g, (_, letter: string) => letter.toUpperCase());

/** What the health tick measures each minute (`HealthLevel`, 2 is bad), each with an alarm of its own: bad in two of three minutes. */
export class HealthAlarms extends Construct {
  constructor(scope: Construct, id: string, { alarms }: { readonly alarms: Alarms }) {
    super(scope, id);
    for (const [check, impact] of Object.entries(IMPACTS)) {
      const alarm = new Alarm(this, pascal(check), {
        metric: new Metric({
          ...{ namespace: 'TradePulse', metricName: 'HealthLevel', dimensionsMap: { Check: check } },
          ...{ period: Duration.minutes(1), statistic: 'Maximum' },
        }),
        alarmDescription: impact,
        ...{ threshold: 2, evaluationPeriods: 3, datapointsToAlarm: 2 },
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // one sweep that is not there is one alarm, not fourteen
        treatMissingData: check === 'health tick' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(alarms.topic));
    }
  }
}
