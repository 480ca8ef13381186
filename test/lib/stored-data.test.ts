import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { allowedTo, statementsOf } from './policies.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const { template, parts } = synthesized();
const json = template.toJSON();
const [[ledger] = ['no ledger']] = resourcesOf(json, 'AWS::DynamoDB::GlobalTable').filter(
  ([, { Properties }]) => 'StreamSpecification' in Properties,
);

describe('the ledger table', () => {
  const onLedger = statementsOf(json).filter(({ Resource }) => Resource.some((arn) => arn === `<${ledger}.Arn>`));

  it('may be added to and read by Lambdas, and nothing else', () => {
    assert.deepEqual([...new Set(onLedger.flatMap(({ Action }) => Action))].sort(), [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
    ]);
  });

  it('is read by the ledger function, by those that sign, certify a kill, prove a recovery safe, tell what a resumption comes after, archive and review a run, log a venue incident, or tell health, and by nobody else', () => {
    const readers = onLedger.filter(({ Action }) => Action.includes('dynamodb:Query')).map(({ role }) => role);

    assert.deepEqual(
      readers.toSorted(),
      [
        ...['api/ledger', 'api/recovery', 'operations/checkpoint', 'kill/certify-kill'],
        ...['stop/archive-run', 'api/review', 'api/monitor', 'operations/follow-execution', 'operations/health-tick'],
        ...['review/archive-run', 'review/gather-evidence', 'review/audit-signatures'],
        ...['review/write-summary', 'review/file-issues'],
        ...['venue-instability/open-venue-incident', 'venue-instability/close-as-stable'],
        'venue-instability/close-incident',
        ...['recover/ask-for-two-signatures', 'recover/check-safety', 'recover/lift-latch', 'resume/ask-to-resume'],
      ]
        .map((lambda) => allowedTo(json, lambda)[0]?.role)
        .toSorted(),
    );
  });

  it('refuses everybody what changes, removes or adds without naming an item', () => {
    const Action = [
      'BatchWriteItem',
      'DeleteItem',
      'PartiQLDelete',
      'PartiQLInsert',
      'PartiQLUpdate',
      'UpdateItem',
    ].map((each) => `dynamodb:${each}`);
    const Statement = [Match.objectLike({ Effect: 'Deny', Principal: { AWS: '*' }, Resource: '*', Action })];

    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [Match.objectLike({ ResourcePolicy: { PolicyDocument: Match.objectLike({ Statement }) } })],
    });
  });
});

describe('both tables', () => {
  it('are encrypted with the customer key, recoverable to any second of 35 days, and protected from deletion', () => {
    template.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
          SSESpecification: { KMSMasterKeyId: Match.anyValue() },
        }),
      ],
    });
  });
});

describe('what must outlive the stack', () => {
  for (const type of [
    'AWS::DynamoDB::GlobalTable',
    'AWS::S3::Bucket',
    'AWS::KMS::Key',
    'AWS::SecretsManager::Secret',
    'AWS::Cognito::UserPool',
  ]) {
    it(`keeps every ${type}`, () => {
      template.allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    });
  }
});

describe('the evidence bucket', () => {
  const lockedBucketOf = (stage: string) =>
    (stage === 'dev' ? resourcesOf(json, 'AWS::S3::Bucket') : synthesized({ stage }).resources('AWS::S3::Bucket'))
      .map(([, { Properties }]) => Properties)
      .find(({ ObjectLockEnabled }) => ObjectLockEnabled === true);
  const locked = (Mode: string) => ({ ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, Days: 2557 } } });

  it('is versioned, and locked for seven years so that nobody shortens it in production', () => {
    const bucket = lockedBucketOf('prod');

    assert.deepEqual(bucket?.['ObjectLockConfiguration'], locked('COMPLIANCE'));
    assert.deepEqual(bucket?.['VersioningConfiguration'], { Status: 'Enabled' });
  });

  it('is locked less strictly in development', () => {
    assert.deepEqual(lockedBucketOf('dev')?.['ObjectLockConfiguration'], locked('GOVERNANCE'));
  });

  it('refuses everybody plain HTTP, and the bypass of the lock', () => {
    const denied = resourcesOf(json, 'AWS::S3::BucketPolicy').map(([, { Properties }]) => JSON.stringify(Properties));

    assert.ok(denied.every((policy) => policy.includes('"aws:SecureTransport":"false"')));
    assert.equal(denied.filter((policy) => policy.includes('s3:BypassGovernanceRetention')).length, 1);
  });

  it('is written where each kind of record belongs, and nothing in it is deleted by anybody here', () => {
    const statements = statementsOf(json).filter(({ Action }) => Action.some((action) => action.startsWith('s3:')));
    const written = statements
      .filter(({ Action }) => Action.includes('s3:PutObject'))
      .flatMap(({ Resource }) => Resource);

    assert.ok(written.length > 0);
    assert.equal(
      written.filter((arn) => arn.includes('/change_manifest/')).length,
      1,
      'manifests come by one entrance',
    );
    assert.deepEqual(
      written.filter(
        (arn) =>
          !/\/(reports\/(live|incidents|digests|change_manifest)|configs\/risk|observability\/audit\/kill_events|ledger|ledger-alarms|spool|device-keys)\/\*$/.test(
            arn,
          ),
      ),
      [],
    );
    assert.deepEqual([...new Set(statements.flatMap(({ Action }) => Action))].sort(), [
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ]);
  });
});

describe('flags', () => {
  it('are never deployed by the template: the control plane is their only writer', () => {
    for (const each of parts) {
      assert.deepEqual(resourcesOf(each, 'AWS::AppConfig::Deployment'), []);
      assert.deepEqual(resourcesOf(each, 'AWS::AppConfig::HostedConfigurationVersion'), []);
    }
  });

  it('go out all at once with no bake', () => {
    template.hasResourceProperties('AWS::AppConfig::DeploymentStrategy', {
      GrowthType: 'LINEAR',
      GrowthFactor: 100,
      DeploymentDurationInMinutes: 0,
      FinalBakeTimeInMinutes: 0,
    });
  });

  it('have an environment and a feature-flag profile for each strategy', () => {
    const count = (type: string) => resourcesOf(json, type).length;

    assert.deepEqual(
      [
        count('AWS::AppConfig::Application'),
        count('AWS::AppConfig::Environment'),
        count('AWS::AppConfig::ConfigurationProfile'),
      ],
      [1, 2, 2],
    );
  });
});

describe('secrets', () => {
  it('hold nothing that the template made: no value, no generator', () => {
    for (const [, { Properties }] of resourcesOf(json, 'AWS::SecretsManager::Secret')) {
      assert.ok(!('GenerateSecretString' in Properties) && !('SecretString' in Properties));
    }
  });

  it('give the command key to sign with Ed25519', () => {
    template.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
  });

  it('let the kill function read the key that can only halt, and not sign with the command key', () => {
    const kill = allowedTo(json, 'api/kill').flatMap(({ Action }) => Action);

    assert.ok(kill.includes('secretsmanager:GetSecretValue') && !kill.includes('kms:Sign'));
  });
});
