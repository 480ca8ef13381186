import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { lambdaAccess } from '../../lib/lambda-access.ts';
import { synthesized } from './synthesized.ts';

const { template, resources } = synthesized();

describe('the courier', () => {
  it('is called for every message that was committed, from our own bus and source alone, and what it cannot take in is kept', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.anyValue(),
      EventPattern: { source: ['tradepulse.control-plane'], 'detail-type': ['messages.waiting'] },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumEventAgeInSeconds: 900,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: Match.anyValue() },
    });
  });

  it('comes by each minute whatever happened, and never takes more than five executions', () => {
    const sweeps = resources('AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);

    assert.ok(
      sweeps.some(
        ({ Description, ScheduleExpression }) =>
          String(Description).includes('every message that still waits') && ScheduleExpression === 'rate(1 minute)',
      ),
    );
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Runbook 6: the courier'),
      ReservedConcurrentExecutions: 5,
    });
  });

  it('rings when nobody sends, when it failed on what it was called for, and when somebody was not told; not when many messages queue', () => {
    const alarms = resources('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    const about = (words: string) => alarms.filter(({ AlarmDescription }) => String(AlarmDescription).includes(words));

    assert.deepEqual(
      about('Messages are not being sent').map(({ TreatMissingData }) => TreatMissingData),
      ['breaching'],
    );
    assert.equal(about('The courier failed again and again').length, 1);
    assert.deepEqual(
      about('somebody was not told').map(({ MetricName }) => MetricName),
      ['MessageNotDelivered'],
    );
    assert.equal(about('Messages are late or were not sent').length, 1, 'of errors, not of throttles');
  });

  it('alone holds the secrets of channels and may send mail, and reaches no strategy, ledger or engine', () => {
    for (const access of ['readChannelSecrets', 'sendMail'] as const)
      assert.deepEqual(
        Object.entries(lambdaAccess).flatMap(([lambda, granted]) => (granted.includes(access) ? [lambda] : [])),
        ['operations/send-messages'],
      );
    assert.deepEqual(
      lambdaAccess['operations/send-messages']?.filter((access) => /ledger|engine|flag|start|publish/i.test(access)),
      [],
    );
  });
});
