import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { ControlFunction } from './control-function.ts';
import { deadLetterQueue, lostIn } from './dead-letter-queue.ts';
import type { Workflow } from './workflow.ts';

type RunFollowerProps = {
  readonly workflows: readonly Workflow[];
  readonly follow: ControlFunction;
  readonly alarms: Alarms;
};

/** The end of every execution goes to follow-execution: it keeps `RUN#`, restarts a failed kill, compensates an aborted launch. */
export class RunFollower extends Construct {
  constructor(scope: Construct, id: string, { workflows, follow, alarms }: RunFollowerProps) {
    super(scope, id);
    const lost = deadLetterQueue(this, 'Lost');
    follow.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(lost),
    });
    new Rule(this, 'StatusChanges', {
      description: 'Ends of executions of the TradePulse machines',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: workflows.map(({ machine }) => machine.stateMachineArn),
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets: [new LambdaFunction(follow, { deadLetterQueue: lost })],
    });
    alarms.on(this, 'LostStatusChange', {
      metric: lostIn(lost),
      impact:
        'The end of a run was not taken in: a failed kill may not have been restarted, an aborted launch not compensated, and lists of runs are out of date.',
    });
  }
}
