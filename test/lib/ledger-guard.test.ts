import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { allowedTo, statementsOf, textOf } from './policies.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const { template, resources } = synthesized();
const json = template.toJSON();

type KeyStatement = {
  Effect: string;
  Action: string | string[];
  Principal: { AWS: unknown };
  Condition?: Record<string, unknown>;
};
const list = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

/** The keys that sign checkpoints in a template. */
const checkpointKeys = (from: Record<string, unknown>) =>
  resourcesOf(from, 'AWS::KMS::Key')
    .filter(([, { Properties }]) => String(Properties['Description']).includes('signs ledger checkpoints'))
    .map(([id, { Properties }]) => ({
      id,
      statements: (Properties['KeyPolicy'] as { Statement: KeyStatement[] }).Statement,
    }));

describe('the key that signs checkpoints', () => {
  const [key = assert.fail('no key')] = checkpointKeys(json);
  const role = allowedTo(json, 'operations/checkpoint')[0]?.role.replace(/[<>]/g, '');

  it('is used by one role, and refused to everybody else, whatever their own policies say', () => {
    const signing = key.statements.filter(({ Action }) => list(Action).includes('kms:Sign'));
    const arn = `<${role}.Arn>`;

    assert.deepEqual(
      signing.map(({ Effect, Principal }) => [Effect, textOf(Principal.AWS)]),
      [
        ['Allow', arn],
        ['Deny', '*'],
      ],
    );
    const except = signing[1]?.Condition?.['ArnNotEquals'] as Record<string, unknown>;
    assert.equal(textOf(except['aws:PrincipalArn']), arn);
    assert.ok(list(signing[1]?.Action).includes('kms:CreateGrant'));
  });

  it('is not used by the account that keeps it: not by its administrators either', () => {
    const administrators = key.statements.filter(
      ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes(':root'),
    );

    assert.equal(administrators.length, 1);
    const actions = list(administrators[0]?.Action);
    assert.ok(actions.includes('kms:PutKeyPolicy'));
    assert.deepEqual(
      actions.filter((action) => /Sign|CreateGrant|\*/.test(action)),
      [],
    );
  });

  it('may be signed with by no other role’s policy', () => {
    const signers = statementsOf(json).filter(
      ({ Action, Resource }) => Action.includes('kms:Sign') && Resource.some((arn) => arn.includes(key.id)),
    );

    assert.deepEqual(
      signers.map((each) => each.role),
      [`<${role}>`],
    );
  });

  it('is followed by a second one when the key is changed; both stay, both are named in order', () => {
    const next = synthesized({ checkpointKeys: '2' });
    const keys = checkpointKeys(next.template.toJSON());
    const [environment] = next
      .resources('AWS::Lambda::Function')
      .map(
        ([, { Properties }]) =>
          (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables['CHECKPOINT_KEY_IDS'],
      )
      .filter((ids) => ids !== undefined);

    assert.equal(keys.length, 2);
    assert.equal(keys[0]?.id, key.id);
    assert.equal(textOf(environment), keys.map(({ id }) => `<${id}>`).join(','));
    assert.throws(() => synthesized({ checkpointKeys: '0' }));
  });
});

describe('the watch over the ledger table', () => {
  it('is woken by every change and removal of an entry, and by nothing else', () => {
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: Match.anyValue() },
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['MODIFY', 'REMOVE'] }) }] },
    });
  });

  it('may tell and keep what it saw, and touch neither table', () => {
    const actions = allowedTo(json, 'operations/watch-ledger').flatMap(({ Action }) => Action);

    assert.deepEqual(actions.filter((action) => action.startsWith('dynamodb:')).toSorted(), [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ]);
    assert.ok(actions.includes('events:PutEvents'));
  });

  it('rings on-call when an entry was tampered with, when it could not tell, and when a log was not signed', () => {
    for (const wanted of [/changed or removed, or does not fit/, /could not take it in/, /could not be signed/])
      assert.ok(
        resources('AWS::CloudWatch::Alarm').some(([, { Properties }]) =>
          wanted.test(String(Properties['AlarmDescription'])),
        ),
        String(wanted),
      );
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'TradePulse',
      MetricName: 'LedgerTampered',
      Threshold: 1,
    });
  });
});

describe('signing', () => {
  it('starts when a run begins or ends, when somebody has answered, and each minute', () => {
    const [checkpoint] = resources('AWS::Lambda::Function').filter(([, { Properties }]) =>
      String(Properties['Description']).includes('signs the logs'),
    );
    const started = (type: string) =>
      resources(type).filter(([, { Properties }]) => JSON.stringify(Properties).includes(String(checkpoint?.[0])));

    assert.equal(started('AWS::Scheduler::Schedule').length, 1);
    const patterns = started('AWS::Events::Rule').map(([, { Properties }]) =>
      JSON.stringify(Properties['EventPattern']),
    );
    assert.equal(patterns.length, 2);
    assert.ok(
      patterns.some(
        (pattern) => pattern.includes('Step Functions Execution Status Change') && !pattern.includes('SUCCEEDED'),
      ),
    );
    assert.ok(patterns.some((pattern) => pattern.includes('ledger.appended')));
  });
});
