import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { createKmsSigner } from '../../../adapters/aws/kms-signer.ts';
import { createSecretSigner } from '../../../adapters/aws/secret-signer.ts';
import { createSecret } from '../../../adapters/aws/secrets.ts';
import { signingKeyPorts } from '../../../adapters/aws/signing-key-ports.ts';
import { createKms } from '../../../local/aws/kms/kms.ts';
import { createSecretsManager } from '../../../local/aws/secrets-manager/secrets-manager.ts';
import { account, region, type Served, serveLocally } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { pointAt } from './point-at.ts';
import { AT } from './samples.ts';

const KEY_ID = '5f0c7a52-0000-4000-8000-000000000001';
const arnOf = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const message = Buffer.from('halt btc-momentum, epoch 7');
const isSigned = (spki: Uint8Array | string, signature: Uint8Array) => {
  const key = typeof spki === 'string' ? Buffer.from(spki, 'base64') : Buffer.from(spki);
  return verify(null, message, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
};

describe('keys and secrets on the local services', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: Served[];
  before(async () => {
    folder = await temporaryFolder();
    const kms = createKms({ dataPath: join(folder.path, 'kms'), region, account });
    const secrets = createSecretsManager({ dataPath: join(folder.path, 'secrets'), now: () => AT });
    await Promise.all([
      kms.ensureKey(KEY_ID),
      secrets.ensureSecret(arnOf('kill')),
      secrets.ensureSecret(arnOf('venues'), 'first'),
    ]);
    served = await Promise.all([serveLocally(kms.handle), serveLocally(secrets.handle)]);
    pointAt('KMS', served[0]?.url ?? '');
    pointAt('SECRETS_MANAGER', served[1]?.url ?? '');
  });
  after(async () => {
    await Promise.all(served.map((each) => each.close()));
    await folder.remove();
  });

  it('signs in KMS what the public key verifies', async () => {
    const client = new KMSClient({});
    const { PublicKey = assert.fail() } = await client.send(new GetPublicKeyCommand({ KeyId: KEY_ID }));

    assert.ok(isSigned(PublicKey, await createKmsSigner(client, KEY_ID)(message)));
    await assert.rejects(createKmsSigner(client, 'no-such-key')(message), { name: 'NotFoundException' });
  });

  it('makes the kill key once, and gives the same public half ever after', async () => {
    const made = await signingKeyPorts.createSigningKey(arnOf('kill'));
    const again = await signingKeyPorts.createSigningKey(arnOf('kill'));
    const sign = createSecretSigner(createSecret(new SecretsManagerClient({}), arnOf('kill')));

    assert.deepEqual(again, made);
    assert.ok(isSigned(made.PublicKey, await sign(message)));
  });

  it('does not make a key where the secret is not there', async () => {
    await assert.rejects(signingKeyPorts.createSigningKey(arnOf('unknown')), { name: 'ResourceNotFoundException' });
  });

  it('reads a secret once', async () => {
    const client = new SecretsManagerClient({});
    const secret = createSecret(client, arnOf('venues'));
    const [one, two] = await Promise.all([secret(), secret()]);
    await client.send(new PutSecretValueCommand({ SecretId: arnOf('venues'), SecretString: 'second' }));

    assert.deepEqual([one, two, await secret()], ['first', 'first', 'first']);
    assert.equal(await createSecret(client, arnOf('venues'))(), 'second');
  });
});

describe('keys and secrets that fail', () => {
  it('gives no empty signature', async () => {
    const client = new KMSClient({ region });
    mockClient(client).on(SignCommand).resolves({});

    await assert.rejects(createKmsSigner(client, KEY_ID)(message), /no signature/);
  });

  it('asks for a secret again after a failure, and never takes an empty one', async () => {
    const client = new SecretsManagerClient({ region });
    const answers = mockClient(client).on(GetSecretValueCommand);
    answers.rejectsOnce(new Error('throttled')).resolvesOnce({}).resolves({ SecretString: 'there' });
    const secret = createSecret(client, 'a');

    await assert.rejects(secret(), /throttled/);
    await assert.rejects(secret(), /empty/);
    assert.equal(await secret(), 'there');
  });

  it('waits for no secret longer than two seconds: a kill needs its key', async () => {
    const client = new SecretsManagerClient({ region });
    const mocked = mockClient(client);
    mocked.on(GetSecretValueCommand).resolves({ SecretString: 'there' });

    await createSecret(client, 'a')();

    const [, options]: readonly unknown[] = mocked.send.firstCall.args;
    assert.ok((options as { abortSignal?: AbortSignal }).abortSignal instanceof AbortSignal);
  });

  it('signs once the key can be read, and reads it only once', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const answers = [() => Promise.reject(new Error('down')), async () => 'no key', async () => pem];
    const sign = createSecretSigner(() => (answers.shift() ?? assert.fail)());

    await assert.rejects(sign(message), /down/);
    await assert.rejects(sign(message));
    const signatures = [await sign(message), await sign(message)];

    const spki = publicKey.export({ format: 'der', type: 'spki' });
    assert.ok(signatures.every((signature) => isSigned(spki, signature)));
  });

  it('tells a fault of Secrets Manager from a secret without a value', async () => {
    const mocked = mockClient(SecretsManagerClient);
    mocked.on(GetSecretValueCommand).rejects(new Error('throttled'));

    await assert.rejects(signingKeyPorts.createSigningKey(arnOf('kill')), /throttled/);

    assert.equal(mocked.commandCalls(PutSecretValueCommand).length, 0);
    mocked.restore();
  });
});
