import * as z from 'zod';
import type { FetchHandler } from '../fetch-handler.ts';
import { jsonService, operation } from '../json-service.ts';
import { keyFiles } from './key-files.ts';
import { signMessage, verifyMessage } from './sign-message.ts';

export type KmsOptions = {
  /** Folder of the private keys; created with mode 0700, each key with 0600. */
  readonly dataPath: string;
  readonly region: string;
  readonly account: string;
};

export type Kms = {
  readonly handle: FetchHandler;
  /** Creates the Ed25519 key unless it exists; the template's keys are made this way when the host starts. */
  ensureKey(keyId: string): Promise<void>;
};

const KeyId = z.string().min(1).max(2048);
const GrantTokens = z.array(z.string()).optional();
const Message = z.base64();
const About = z.strictObject({ KeyId, GrantTokens });
const Sign = z.strictObject({
  KeyId,
  GrantTokens,
  Message,
  MessageType: z.enum(['RAW', 'DIGEST', 'EXTERNAL_MU']).default('RAW'),
  SigningAlgorithm: z.string(),
});
const Verify = Sign.extend({ Signature: z.base64() });

/** KMS for signing keys: Ed25519 only (`ECC_NIST_EDWARDS25519`), RAW messages up to 4,096 bytes, as the product uses it on AWS (aws-facts 1 no. 11). */
export function createKms({ dataPath, region, account }: KmsOptions): Kms {
  const keys = keyFiles({ dataPath, region, account });
  const handle = jsonService('TrentService', {
    Sign: operation(Sign, async (input) => signMessage(await keys.read(input.KeyId), input)),
    Verify: operation(Verify, async (input) => verifyMessage(await keys.read(input.KeyId), input)),
    GetPublicKey: operation(About, async ({ KeyId: id }) => {
      const { arn, publicKey, description } = await keys.read(id);
      const PublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      return { KeyId: arn, PublicKey, ...description };
    }),
    DescribeKey: operation(About, async ({ KeyId: id }) => ({ KeyMetadata: (await keys.read(id)).metadata })),
  });
  return { handle, ensureKey: keys.ensure };
}
