import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { appConfigResources } from '../../../local/template/appconfig-resources.ts';
import { buckets, eventBuses, oauthClients, secrets, signingKeys, tables } from '../../../local/template/stores.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';
import { writtenStack } from './written-stack.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
before(async () => {
  temporary = await temporaryFolder();
});
after(() => temporary.remove());
const stackOf = (Resources: Record<string, { Type: string; Properties?: object }>) =>
  writtenStack(join(temporary.path, 'out'), { Resources });
const resource = (Type: string, Properties: object = {}) => ({ Type, Properties });

describe('the stores of a template', () => {
  it('are tables with the name that Ref gives, and of their properties what CreateTable needs', () => {
    const keys = { AttributeDefinitions: [{ AttributeName: 'pk' }], KeySchema: [{ AttributeName: 'pk' }] };

    const all = tables(
      stackOf({
        Control: resource('AWS::DynamoDB::GlobalTable', {
          ...keys,
          Replicas: [{ Region: 'us-east-1' }],
          SSESpecification: {},
        }),
        Named: resource('AWS::DynamoDB::GlobalTable', { ...keys, TableName: 'ledger' }),
      }),
    );

    assert.deepEqual(all, [
      { TableName: 'Control', ...keys },
      { TableName: 'ledger', ...keys },
    ]);
  });

  it('are buckets, buses and secrets under valid names', () => {
    const stack = stackOf({
      Evidence: resource('AWS::S3::Bucket'),
      Named: resource('AWS::S3::Bucket', { BucketName: 'own-name' }),
      Bus: resource('AWS::Events::EventBus', { Name: 'desk' }),
      Secret: resource('AWS::SecretsManager::Secret'),
    });

    assert.deepEqual(buckets(stack), ['evidence', 'own-name']);
    assert.deepEqual(eventBuses(stack), ['desk']);
    assert.match(secrets(stack)[0] ?? '', /^arn:aws:secretsmanager:us-east-1:000000000000:secret:Secret-[0-9a-z]{6}$/);
  });

  it('are the keys that sign, none that encrypt', () => {
    const stack = stackOf({
      Sign: resource('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }),
      Encrypt: resource('AWS::KMS::Key'),
    });

    assert.equal(signingKeys(stack).length, 1);
  });

  it('are clients of people and of engines, who log in by different flows', () => {
    const client = (more: object) =>
      resource('AWS::Cognito::UserPoolClient', { AllowedOAuthScopes: ['openid'], ...more });
    const [people, engine] = oauthClients(
      stackOf({
        People: client({ AllowedOAuthFlows: ['code'], CallbackURLs: ['http://127.0.0.1/callback'] }),
        Engine: client({ AllowedOAuthFlows: ['client_credentials'], ClientName: 'engine-1', GenerateSecret: true }),
      }),
    );

    assert.deepEqual(
      [people?.flow, people?.redirectUris, people?.secret],
      ['code', ['http://127.0.0.1/callback'], false],
    );
    assert.match(people?.clientId ?? '', /^[0-9a-z]{26}$/);
    assert.deepEqual([engine?.clientId, engine?.flow, engine?.secret], ['engine-1', 'client_credentials', true]);
  });
});

describe('appConfigResources', () => {
  it('belong together by ids that are the same at every start', () => {
    const config = (kind: string, Properties: object) => resource(`AWS::AppConfig::${kind}`, Properties);
    const read = () =>
      appConfigResources(
        stackOf({
          App: config('Application', { Name: 'flags' }),
          Env: config('Environment', { Name: 'btc', ApplicationId: { Ref: 'App' } }),
          Profile: config('ConfigurationProfile', {
            Name: 'btc',
            ApplicationId: { Ref: 'App' },
            Type: 'AWS.AppConfig.FeatureFlags',
          }),
          Plain: config('ConfigurationProfile', { Name: 'plain', ApplicationId: { Ref: 'App' } }),
          AtOnce: config('DeploymentStrategy', { Name: 'now', DeploymentDurationInMinutes: 0, GrowthFactor: 100 }),
        }),
      );

    const { applications, environments, profiles, strategies } = read();

    assert.match(applications[0]?.id ?? '', /^[0-9a-z]{7}$/);
    assert.deepEqual(read().applications, applications);
    assert.deepEqual(
      [environments, profiles].flatMap((all) => all.map(({ applicationId }) => applicationId)),
      Array(3).fill(applications[0]?.id),
    );
    assert.deepEqual(
      profiles.map(({ type }) => type),
      ['AWS.AppConfig.FeatureFlags', 'AWS.Freeform'],
    );
    const { growthType, finalBakeTimeInMinutes, deploymentDurationInMinutes } = strategies[0] ?? {};
    assert.deepEqual([growthType, finalBakeTimeInMinutes, deploymentDurationInMinutes], ['LINEAR', 0, 0]);
  });
});
