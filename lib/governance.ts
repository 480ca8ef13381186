import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { type Alarms, counted } from './alarms.ts';
import type { ControlFunction } from './control-function.ts';
import { deadLetterQueue, lostIn } from './dead-letter-queue.ts';

type GovernanceProps = {
  readonly bus: EventBus;
  /** Verifies each change and records it. */
  readonly record: ControlFunction;
  readonly alarms: Alarms;
};

/** Runbook 2.3 and Go/No-Go: what goes out on `governance.strategy_changes` comes to the function that verifies and records it. */
export class Governance extends Construct {
  constructor(scope: Construct, id: string, { bus, record, alarms }: GovernanceProps) {
    super(scope, id);
    const lost = deadLetterQueue(this, 'Lost');
    new Rule(this, 'StrategyChanges', {
      description: 'A confirmed change of a strategy is verified and recorded: go/no-go reads the record',
      eventBus: bus,
      eventPattern: { source: ['tradepulse.control-plane'], detailType: ['governance.strategy_changes'] },
      targets: [
        new LambdaFunction(record, { retryAttempts: 2, maxEventAge: Duration.minutes(5), deadLetterQueue: lost }),
      ],
    });
    alarms.on(this, 'LostChange', {
      metric: lostIn(lost),
      impact: 'A confirmed change of a strategy was not recorded: its launch will not be a go. Read the queue.',
    });
    alarms.on(this, 'ForgedChange', {
      metric: counted('StrategyChangeForged'),
      impact:
        'Somebody has put a change of a strategy on the event bus that is not signed with the governance key. It was not recorded, and carries no launch. Find out who may put events there, and call Compliance.',
    });
  }
}
