import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { channelSecrets } from '../../../adapters/aws/channel-secrets.ts';
import { anOutgoing } from '../channels/outgoing.ts';

const manager = mockClient(SecretsManagerClient);
beforeEach(() => void manager.reset());
after(() => manager.restore());
const holds = (SecretString: string) => manager.on(GetSecretValueCommand).resolves({ SecretString });

describe('channelSecrets', () => {
  const START = Date.parse('2026-11-26T10:00:00Z');
  const reader = () => {
    let at = START;
    const read = channelSecrets({ client: new SecretsManagerClient({}), secretId: 'arn', now: () => new Date(at) });
    const pass = (ms: number) => {
      at += ms;
    };
    return { read, pass };
  };
  const calls = () => manager.commandCalls(GetSecretValueCommand).length;

  it('are read once in three minutes, and then as they are now', async () => {
    const { read, pass } = reader();
    holds('{"#risk":{"webhook":"one"}}');
    await read();
    pass(179_000);
    holds('{"#risk":{"webhook":"two"}}');
    assert.deepEqual([await read(), calls()], [{ '#risk': { webhook: 'one' } }, 1]);

    pass(1_000);

    assert.deepEqual([await read(), calls()], [{ '#risk': { webhook: 'two' } }, 2]);
  });

  it('are read once by many who ask at the same moment', async () => {
    const { read, pass } = reader();
    holds('{"#risk":1}');
    await Promise.all([read(), read(), read()]);
    pass(180_000);
    await Promise.all([read(), read()]);

    assert.equal(calls(), 2);
  });

  it('are none until somebody has put them there', async () => {
    manager.on(GetSecretValueCommand).rejects(new ResourceNotFoundException({ message: 'empty', $metadata: {} }));

    assert.deepEqual(await reader().read(), {});
  });

  it('stay as they were while they cannot be read again', async () => {
    const { read, pass } = reader();
    holds('{"#risk":1}');
    await read();
    pass(200_000);
    manager.on(GetSecretValueCommand).rejects(new Error('throttled'));

    assert.deepEqual(await read(), { '#risk': 1 });
  });

  it('are a fault when they were never read, or are no object', async () => {
    manager.on(GetSecretValueCommand).rejects(new Error('throttled'));
    await assert.rejects(reader().read(), /throttled/);

    for (const text of ['"words"', 'no JSON', '[1]']) {
      holds(text);
      await assert.rejects(reader().read());
    }
  });
});

describe('channelPorts', () => {
  it('send with what the secret says, to hosts of the list, and mail from the address of the deployment', async () => {
    Object.assign(process.env, {
      ...{ AWS_REGION: 'us-east-1', CONTROL_TABLE: 'c', LEDGER_TABLE: 'l', CHANNEL_SECRETS: 'arn' },
      ...{ MESSAGE_HOSTS: 'hooks.slack.com, events.pagerduty.com', MAIL_FROM: '' },
    });
    const { channelPorts } = await import('../../../adapters/aws/channel-ports.ts');
    holds('{"#incidents":{"webhook":"https://10.0.0.1/x"}}');
    const send = (changes = {}) => channelPorts.channels.send(anOutgoing(changes), { deadlineMs: 500 });

    assert.match((await send()).detail, /^Slack: 10\.0\.0\.1 is not one of MessageHosts/);
    const toDesk = { channel: 'desk mail', target: { via: 'email', to: ['desk@example.com'] } };
    assert.match((await send(toDesk)).detail, /^mail: MailFrom is not set/);
  });
});
