import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { kmsGovernanceKey } from '../../../adapters/aws/kms-governance-key.ts';

const spkiOf = (type: 'ed25519' | 'x25519') =>
  (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')).publicKey.export({
    type: 'spki',
    format: 'der',
  });

describe('kmsGovernanceKey', () => {
  const kms = mockClient(KMSClient);
  afterEach(() => void kms.reset());

  it('signs the message itself with the one key, and asks for its public half once', async () => {
    const PublicKey = spkiOf('ed25519');
    kms
      .on(SignCommand)
      .resolves({ Signature: Uint8Array.of(7) })
      .on(GetPublicKeyCommand)
      .resolves({ PublicKey });
    const key = kmsGovernanceKey(new KMSClient({}), 'key-1');

    assert.deepEqual(await key.sign(Uint8Array.of(1)), Uint8Array.of(7));
    assert.deepEqual([await key.publicKey(), await key.publicKey()], Array(2).fill(PublicKey.toString('base64')));

    assert.equal(kms.commandCalls(GetPublicKeyCommand).length, 1);
    const signed = kms.commandCalls(SignCommand)[0]?.args[0].input;
    assert.deepEqual(
      [signed?.KeyId, signed?.MessageType, signed?.SigningAlgorithm],
      ['key-1', 'RAW', 'ED25519_SHA_512'],
    );
  });

  it('asks again after a failure, and takes no other key for it', async () => {
    kms
      .on(GetPublicKeyCommand)
      .rejectsOnce(new Error('throttled'))
      .resolves({ PublicKey: spkiOf('x25519') });
    const key = kmsGovernanceKey(new KMSClient({}), 'key-1');

    await assert.rejects(key.publicKey(), /throttled/);
    await assert.rejects(key.publicKey(), /key-1 is no Ed25519 key/);
    kms.on(GetPublicKeyCommand).resolves({});
    await assert.rejects(key.publicKey(), /key-1 is no Ed25519 key/);
  });
});
