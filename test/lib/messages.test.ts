import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { allowedTo, statementsOf } from './policies.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const { template } = synthesized();
const json = template.toJSON();
const courier = allowedTo(json, 'operations/send-messages');

describe('the courier', () => {
  it('alone sends mail, as the one address of the deployment', () => {
    const mailing = statementsOf(json).filter(({ Action }) => Action.some((each) => each.startsWith('ses:')));

    assert.deepEqual(
      mailing.map(({ role, Action }) => [role, Action]),
      [[courier[0]?.role, ['ses:SendEmail']]],
    );
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'ses:SendEmail',
            Condition: { StringEquals: { 'ses:FromAddress': { Ref: 'MailFrom' } } },
          }),
        ]),
      },
    });
  });

  it('alone reads where messages go, and no other secret', () => {
    const reading = (statements: typeof courier) =>
      statements.filter(({ Action }) => Action.includes('secretsmanager:GetSecretValue'));
    const [secret = 'none'] = reading(courier).flatMap(({ Resource }) => Resource);
    const readers = reading(statementsOf(json)).filter(({ Resource }) => Resource.includes(secret));

    assert.match(secret, /ChannelSecrets/);
    assert.deepEqual(
      readers.map(({ role }) => role),
      [courier[0]?.role],
    );
    assert.equal(reading(courier).length, 1);
  });
});

describe('the secret of the channels', () => {
  it('holds nothing until somebody puts it there, and outlives the stack', () => {
    const secrets = resourcesOf(json, 'AWS::SecretsManager::Secret');
    const [, secret] = secrets.find(([id]) => id.includes('ChannelSecrets')) ?? [];

    assert.ok(secret && !('SecretString' in secret.Properties) && !('GenerateSecretString' in secret.Properties));
    assert.equal(secret.DeletionPolicy, 'Retain');
  });
});

describe('messages', () => {
  it('go to Slack and PagerDuty alone unless a deployment says otherwise, and mail from nobody', () => {
    const { Parameters } = json as { Parameters: Record<string, { Default: string; AllowedPattern: string }> };
    const hosts = new RegExp(`^(${Parameters['MessageHosts']?.AllowedPattern})$`);
    const from = new RegExp(`^(${Parameters['MailFrom']?.AllowedPattern})$`);

    assert.equal(
      Parameters['MessageHosts']?.Default,
      'hooks.slack.com,slack.com,events.pagerduty.com,events.eu.pagerduty.com',
    );
    assert.equal(Parameters['MailFrom']?.Default, '');
    for (const good of ['hooks.slack.com', 'a.example,mail.example:587', '127.0.0.1:4510']) assert.match(good, hosts);
    for (const bad of ['', 'https://a.example', '*', 'a.example,', 'a b', 'a.example/x'])
      assert.doesNotMatch(bad, hosts);
    for (const bad of ['a', 'a@b c', 'a <a@b>', 'a@b\r\nBcc: c@d']) assert.doesNotMatch(bad, from);
  });
});
