import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createSecretsManager } from '../../../../local/aws/secrets-manager/secrets-manager.ts';
import { clientOptions, type Served, serveLocally } from '../serve-locally.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const arnOf = (name: string) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-AbCdEf`;

describe('the local Secrets Manager', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: Served;
  let client: SecretsManagerClient;
  const open = () =>
    createSecretsManager({ dataPath: join(folder.path, 'secrets'), now: () => new Date('2026-11-23T10:00:00Z') });

  before(async () => {
    folder = await temporaryFolder();
    const secrets = open();
    await secrets.ensureSecret(arnOf('empty'));
    await secrets.ensureSecret(arnOf('kill'));
    await secrets.ensureSecret(arnOf('venues'), '{"XSIM":"first"}');
    await secrets.ensureSecret(arnOf('venues'), '{"XSIM":"second"}');
    served = await serveLocally(secrets.handle);
    client = new SecretsManagerClient(clientOptions(served.url));
  });
  after(async () => {
    client.destroy();
    await served.close();
    await folder.remove();
  });

  const read = (SecretId: string, more = {}) => client.send(new GetSecretValueCommand({ SecretId, ...more }));

  it('answers ResourceNotFoundException for an unknown secret and for one without a value', async () => {
    await assert.rejects(read(arnOf('unknown')), { name: 'ResourceNotFoundException' });
    await assert.rejects(read(arnOf('empty')), { name: 'ResourceNotFoundException', message: /AWSCURRENT/ });
    await assert.rejects(read('../kms/key'), { name: 'ResourceNotFoundException' });
  });

  it('gives a secret its initial value once', async () => {
    assert.equal((await read(arnOf('venues'))).SecretString, '{"XSIM":"first"}');
  });

  it('keeps the value before as AWSPREVIOUS, through a restart, in files only their owner can read', async () => {
    const put = (SecretString: string) =>
      client.send(new PutSecretValueCommand({ SecretId: arnOf('kill'), SecretString }));
    await put('one');
    await put('two');
    const restarted = await serveLocally(open().handle);
    const again = new SecretsManagerClient(clientOptions(restarted.url));

    const current = await again.send(new GetSecretValueCommand({ SecretId: arnOf('kill') }));
    const previous = await again.send(
      new GetSecretValueCommand({ SecretId: arnOf('kill'), VersionStage: 'AWSPREVIOUS' }),
    );

    const folderPath = join(folder.path, 'secrets');
    const modes = await Promise.all(
      (await readdir(folderPath)).map(async (name) => (await stat(join(folderPath, name))).mode & 0o777),
    );
    again.destroy();
    await restarted.close();
    assert.deepEqual([current.SecretString, previous.SecretString, modes], ['two', 'one', [0o600, 0o600, 0o600]]);
  });

  it('answers a repeated token with the same value again, and refuses another value', async () => {
    const token = 'a-request-token-of-at-least-32-characters';
    const put = (SecretString: string) =>
      client.send(new PutSecretValueCommand({ SecretId: arnOf('venues'), SecretString, ClientRequestToken: token }));

    const [first, second] = [await put('same'), await put('same')];

    assert.equal(first.VersionId, second.VersionId);
    await assert.rejects(put('other'), { name: 'ResourceExistsException' });
  });

  it('describes a secret without its value', async () => {
    const { Name, VersionIdsToStages, ...rest } = await client.send(
      new DescribeSecretCommand({ SecretId: arnOf('venues') }),
    );

    assert.deepEqual([Name, Object.values(VersionIdsToStages ?? {}).at(-1)], ['venues-AbCdEf', ['AWSCURRENT']]);
    assert.doesNotMatch(JSON.stringify(rest), /XSIM|same/);
  });

  it('changes what a secret holds, and writes nothing when it holds that already', async () => {
    const secrets = open();
    const seen: (string | undefined)[] = [];
    const change = (next: string) =>
      secrets.changeSecret(arnOf('channels'), (text) => {
        seen.push(text);
        return next;
      });

    await change('one');
    await change('one');
    const { VersionId } = await read(arnOf('channels'));
    await change('one');

    const again = await read(arnOf('channels'));
    assert.deepEqual([seen, again.SecretString, again.VersionId], [[undefined, 'one', 'one'], 'one', VersionId]);
  });

  it('takes 20 racing writers one after another and ends with a whole value', async () => {
    const values = Array.from({ length: 20 }, (_, index) => `value-${index}`);

    await Promise.all(
      values.map((SecretString) => client.send(new PutSecretValueCommand({ SecretId: arnOf('kill'), SecretString }))),
    );

    assert.ok(values.includes((await read(arnOf('kill'))).SecretString ?? ''));
  });
});
