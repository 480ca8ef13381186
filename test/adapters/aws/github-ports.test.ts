import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';

describe('githubPorts', () => {
  const secrets = mockClient(SecretsManagerClient);
  after(() => secrets.restore());
  const readTicket = async () => {
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      CONTROL_TABLE: 'c',
      LEDGER_TABLE: 'l',
      GITHUB_TOKEN_SECRET: 'arn',
    });
    const { githubPorts } = await import('../../../adapters/aws/github-ports.ts');
    const read = await githubPorts.trackers.read('github:desk/strategies#12');
    return 'problem' in read ? read.problem : assert.fail('it was read');
  };

  it('say that nobody has configured a token, and what else keeps it from being read', async () => {
    secrets.on(GetSecretValueCommand).rejects(new ResourceNotFoundException({ message: 'empty', $metadata: {} }));
    assert.equal(await readTicket(), 'no token for GitHub could be read: none is configured (docs/deploy.md)');

    secrets.on(GetSecretValueCommand).rejects(new Error('not allowed'));
    assert.equal(await readTicket(), 'no token for GitHub could be read: not allowed');
  });
});
