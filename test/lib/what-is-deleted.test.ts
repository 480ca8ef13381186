import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowedTo } from './policies.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const json = synthesized().template.toJSON();

type Statement = { Action: string | string[]; Condition?: Record<string, Record<string, unknown>> };
const statements = resourcesOf(json, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
  (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat(),
  })),
);
const onCounters = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REFUSAL#*'] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

describe('what Lambdas may delete', () => {
  it('is counters of refused attempts, by the health tick, and no other item of a table', () => {
    const deleting = statements.filter(({ Action }) => Action.some((action) => /dynamodb:.*(Delete|\*)/.test(action)));

    assert.deepEqual(
      deleting.map(({ Action, Condition }) => [Action, Condition]),
      [[['dynamodb:DeleteItem'], onCounters]],
    );
    const tick = allowedTo(json, 'operations/health-tick').flatMap(({ Action }) => Action);
    assert.ok(tick.includes('dynamodb:DeleteItem'));
  });

  it('and who only counts refused attempts may change nothing else', () => {
    const counting = statements.filter(({ Condition }) => Condition !== undefined && 'Null' in Condition);

    assert.ok(counting.length > 1);
    for (const { Condition } of counting) assert.deepEqual(Condition, onCounters);
    const ledger = allowedTo(json, 'api/ledger').flatMap(({ Action }) => Action);
    assert.ok(!ledger.includes('dynamodb:PutItem'));
  });
});

describe('the kill spool', () => {
  const spoolOf = (lambda: string) =>
    allowedTo(json, lambda)
      .filter(({ Resource }) => Resource.some((arn) => arn.endsWith('/spool/*')))
      .flatMap(({ Action }) => Action);

  it('is written by the kill function alone, which may not list the bucket, and read by whoever has to know', () => {
    const kill = allowedTo(json, 'api/kill').flatMap(({ Action }) => Action);

    assert.deepEqual(spoolOf('api/kill').toSorted(), ['s3:GetObject', 's3:PutObject']);
    assert.ok(!kill.includes('s3:ListBucket'));
    for (const lambda of ['api/launch', 'api/lease', 'api/monitor', 'kill/halt-engines', 'operations/health-tick'])
      assert.deepEqual(spoolOf(lambda), ['s3:GetObject'], lambda);
  });
});
