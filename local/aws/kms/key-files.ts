import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../aws-error.ts';
import { writeDurably } from '../write-durably.ts';
import type { KmsOptions } from './kms.ts';

export type SigningKey = {
  readonly arn: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly description: typeof description;
  readonly metadata: Record<string, unknown>;
};

const description = {
  KeySpec: 'ECC_NIST_EDWARDS25519',
  CustomerMasterKeySpec: 'ECC_NIST_EDWARDS25519',
  KeyUsage: 'SIGN_VERIFY',
  SigningAlgorithms: ['ED25519_SHA_512'],
};

const plainId = /^[A-Za-z0-9-]{1,128}$/;

/** One PKCS #8 PEM file per key, created once and never replaced. Keys are addressed by id or ARN; aliases are not kept. */
export function keyFiles({ dataPath, region, account }: KmsOptions) {
  const prefix = `arn:aws:kms:${region}:${account}:key/`;
  const loaded = new Map<string, SigningKey>();

  const idOf = (given: string) => {
    const id = given.startsWith(prefix) ? given.slice(prefix.length) : given;
    if (!plainId.test(id)) throw notFound(given);
    return id;
  };

  async function load(id: string, given: string): Promise<SigningKey> {
    const path = join(dataPath, `${id}.pem`);
    const [pem, file] = await Promise.all([readFile(path), stat(path)]).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw notFound(given);
      throw error;
    });
    const privateKey = createPrivateKey(pem);
    const metadata = metadataOf(id, prefix + id, account, file.mtime);
    return { arn: prefix + id, privateKey, publicKey: createPublicKey(privateKey), description, metadata };
  }

  return {
    async ensure(keyId: string): Promise<void> {
      const { privateKey } = generateKeyPairSync('ed25519');
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
      await writeDurably(join(dataPath, `${idOf(keyId)}.pem`), Buffer.from(pem), { mode: 0o600, once: true });
    },

    async read(keyId: string): Promise<SigningKey> {
      const id = idOf(keyId);
      const key = loaded.get(id) ?? (await load(id, keyId));
      loaded.set(id, key);
      return key;
    },
  };
}

function metadataOf(id: string, arn: string, account: string, createdAt: Date) {
  return {
    ...description,
    AWSAccountId: account,
    KeyId: id,
    Arn: arn,
    CreationDate: createdAt.getTime() / 1000,
    Enabled: true,
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
  };
}

const notFound = (keyId: string) =>
  new AwsError(
    'NotFoundException',
    `Key '${keyId}' does not exist; keys are created from the template when the host starts`,
  );
