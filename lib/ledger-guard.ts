import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { type Alarms, counted } from './alarms.ts';
import type { ControlFunction } from './control-function.ts';
import { deadLetterQueue, lostIn } from './dead-letter-queue.ts';
import { eachMinute } from './each-minute.ts';
import type { Workflow } from './workflow.ts';

type LedgerGuardProps = {
  readonly ledger: TableV2;
  readonly bus: EventBus;
  readonly workflows: readonly Workflow[];
  readonly checkpoint: ControlFunction;
  readonly watch: ControlFunction;
  readonly alarms: Alarms;
};

/**
 * Signs the ledger and watches it. A checkpoint is made when a run begins or ends and when somebody has answered a question, and
 * each minute of whatever has grown. Anything but an insert into the ledger table raises an alarm.
 */
export class LedgerGuard extends Construct {
  constructor(scope: Construct, id: string, props: LedgerGuardProps) {
    super(scope, id);
    this.#onEvents(props);
    this.#eachMinute(props);
    this.#onStream(props);
    props.alarms.on(this, 'LedgerTampered', {
      metric: counted('LedgerTampered'),
      impact:
        'An entry of the ledger was changed or removed, or does not fit its Merkle tree. Keep everything as it is, call Compliance, and read docs/audit.md, "When the alarm rings".',
    });
  }

  #onEvents({ workflows, bus, checkpoint }: LedgerGuardProps) {
    new Rule(this, 'RunsBeginAndEnd', {
      description: 'A launch, stop or kill has just been recorded, or has ended: its log is signed at once',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: workflows.map(({ machine }) => machine.stateMachineArn) },
      },
      targets: [new LambdaFunction(checkpoint, { retryAttempts: 2, maxEventAge: Duration.minutes(5) })],
    });
    new Rule(this, 'Appended', {
      description: 'Somebody has signed or declined: the log is signed at once',
      eventBus: bus,
      eventPattern: { source: ['tradepulse.control-plane'], detailType: ['ledger.appended'] },
      targets: [new LambdaFunction(checkpoint, { retryAttempts: 2, maxEventAge: Duration.minutes(5) })],
    });
  }

  #eachMinute({ checkpoint, alarms }: LedgerGuardProps) {
    eachMinute(this, {
      fn: checkpoint,
      input: ScheduleTargetInput.fromObject({}),
      description: 'TradePulse: signs every log that has grown',
    });
    alarms.on(this, 'NotSigned', {
      metric: checkpoint.metricErrors({ period: Duration.minutes(5) }),
      impact: 'A log could not be signed: what was appended to it since is not proved yet.',
    });
  }

  /** Inserts are filtered out before they cost an invocation. What the watcher cannot take in goes to a queue that has an alarm of its own. */
  #onStream({ ledger, watch, alarms }: LedgerGuardProps) {
    const lost = deadLetterQueue(this, 'Lost');
    watch.addEventSource(
      new DynamoEventSource(ledger, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 10,
        retryAttempts: 5,
        bisectBatchOnError: true,
        onFailure: new SqsDlq(lost),
        filters: [FilterCriteria.filter({ eventName: FilterRule.or('MODIFY', 'REMOVE') })],
      }),
    );
    alarms.on(this, 'LostTampering', {
      metric: lostIn(lost),
      impact: 'An entry of the ledger was changed or removed, and the watcher could not take it in: read its queue.',
    });
  }
}
