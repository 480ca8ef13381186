import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { type Alarms, counted } from './alarms.ts';
import type { ControlFunction } from './control-function.ts';
import { deadLetterQueue, lostIn } from './dead-letter-queue.ts';
import { eachMinute } from './each-minute.ts';

type CourierProps = {
  readonly bus: EventBus;
  /** Carries the messages that wait. */
  readonly send: ControlFunction;
  readonly alarms: Alarms;
};

/** Runbook 6: the courier is called as soon as a message is committed, and each minute for what is still waiting. */
export class Courier extends Construct {
  constructor(scope: Construct, id: string, { bus, send, alarms }: CourierProps) {
    super(scope, id);
    const lost = deadLetterQueue(this, 'Lost');
    send.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.minutes(15),
      onFailure: new SqsDestination(lost),
    });
    new Rule(this, 'MessagesWaiting', {
      description: 'Messages have just been committed: the courier takes them to their channels',
      eventBus: bus,
      eventPattern: { source: ['tradepulse.control-plane'], detailType: ['messages.waiting'] },
      targets: [new LambdaFunction(send, { deadLetterQueue: lost })],
    });
    eachMinute(this, {
      fn: send,
      input: ScheduleTargetInput.fromObject({}),
      description: 'TradePulse: sends every message that still waits',
    });
    this.#watch(send, alarms);
    alarms.on(this, 'LostWake', {
      metric: lostIn(lost),
      impact:
        'The courier failed again and again on what it was called for: people may not have been told. Look at comms ls, and call those whom it names.',
    });
  }

  #watch(send: ControlFunction, alarms: Alarms) {
    alarms.on(this, 'NobodySends', {
      metric: send.metricErrors({ period: Duration.minutes(5) }),
      impact: 'Messages are not being sent, kills among them: tell the desk by telephone, and read the courier’s log.',
      whenMissing: TreatMissingData.BREACHING,
    });
    alarms.on(this, 'MessageNotDelivered', {
      metric: counted('MessageNotDelivered'),
      impact:
        'A message was given up on a channel, and no other channel took over: somebody was not told. tradepulse-cli comms ls --status failed says who and why.',
    });
  }
}
