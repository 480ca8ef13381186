import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DescribeKeyCommand, GetPublicKeyCommand, KMSClient, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';
import { createKms } from '../../../../local/aws/kms/kms.ts';
import { account, clientOptions, region, type Served, serveLocally } from '../serve-locally.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const KeyId = '5f0c7a52-0000-4000-8000-000000000001';
const arn = `arn:aws:kms:${region}:${account}:key/${KeyId}`;
const SigningAlgorithm = 'ED25519_SHA_512';
const Message = Buffer.from('halt btc-momentum, epoch 7');

describe('the local KMS', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: Served;
  let client: KMSClient;
  const open = () => createKms({ dataPath: join(folder.path, 'kms'), region, account });

  before(async () => {
    folder = await temporaryFolder();
    const kms = open();
    await Promise.all(Array.from({ length: 5 }, () => kms.ensureKey(KeyId)));
    served = await serveLocally(kms.handle);
    client = new KMSClient(clientOptions(served.url));
  });
  after(async () => {
    client.destroy();
    await served.close();
    await folder.remove();
  });

  const signed = () => client.send(new SignCommand({ KeyId, Message, MessageType: 'RAW', SigningAlgorithm }));

  it('signs with Ed25519 what node:crypto verifies under the public key it gives', async () => {
    const { PublicKey, KeySpec, KeyUsage } = await client.send(new GetPublicKeyCommand({ KeyId: arn }));

    const { Signature } = await signed();

    const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
    assert.equal(verify(null, Message, key, Signature!), true);
    assert.deepEqual([KeySpec, KeyUsage], ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY']);
  });

  it('verifies its own signature and refuses one over another message', async () => {
    const { Signature } = await signed();
    const valid = await client.send(new VerifyCommand({ KeyId, Message, Signature, SigningAlgorithm }));
    const other = new VerifyCommand({ KeyId, Message: Buffer.from('arm'), Signature, SigningAlgorithm });

    assert.equal(valid.SignatureValid, true);
    await assert.rejects(client.send(other), { name: 'KMSInvalidSignatureException' });
  });

  it('signs 4,096 bytes and refuses one more, digests, and other algorithms', async () => {
    const sign = (input: Partial<ConstructorParameters<typeof SignCommand>[0]>) =>
      client.send(new SignCommand({ KeyId, Message, SigningAlgorithm, ...input }));

    await sign({ Message: Buffer.alloc(4096, 1) });

    await assert.rejects(sign({ Message: Buffer.alloc(4097, 1) }), { name: 'ValidationException', message: /4097/ });
    await assert.rejects(sign({ MessageType: 'DIGEST' }), { name: 'ValidationException' });
    await assert.rejects(sign({ SigningAlgorithm: 'ECDSA_SHA_256' }), { name: 'InvalidKeyUsageException' });
    await assert.rejects(sign({ DryRun: true }), { name: 'ValidationException', message: /DryRun/ });
  });

  it('refuses a key it does not have, whatever its name tries', async () => {
    for (const unknown of ['nothing', '../kms/other', 'alias/command', `${arn}/x`]) {
      await assert.rejects(client.send(new DescribeKeyCommand({ KeyId: unknown })), { name: 'NotFoundException' });
    }
  });

  it('keeps one key through a restart, in a file only its owner can read', async () => {
    const { Signature } = await signed();
    const again = open();
    await again.ensureKey(KeyId);
    const restarted = await serveLocally(again.handle);
    const second = new KMSClient(clientOptions(restarted.url));

    const { SignatureValid } = await second.send(new VerifyCommand({ KeyId, Message, Signature, SigningAlgorithm }));

    const files = await readdir(join(folder.path, 'kms'));
    const { mode } = await stat(join(folder.path, 'kms', `${KeyId}.pem`));
    second.destroy();
    await restarted.close();
    assert.deepEqual([SignatureValid, files, mode & 0o777], [true, [`${KeyId}.pem`], 0o600]);
  });

  it('describes the key as enabled and for signing', async () => {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));

    assert.deepEqual(
      [
        KeyMetadata?.Arn,
        KeyMetadata?.KeyState,
        KeyMetadata?.SigningAlgorithms,
        KeyMetadata?.CreationDate instanceof Date,
      ],
      [arn, 'Enabled', ['ED25519_SHA_512'], true],
    );
  });
});
