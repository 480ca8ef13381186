import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { ed25519KeyIn } from '../../domain/crypto/ed25519.ts';
import type { GovernanceKey } from '../../domain/governance/governance-key.ts';
import { createKmsSigner } from './kms-signer.ts';

/** The governance key by its KMS id. Its public half is asked for once per sandbox; a failure is asked again. */
export function kmsGovernanceKey(kms: KMSClient, keyId: string): GovernanceKey {
  let known: Promise<string> | undefined;
  return {
    sign: createKmsSigner(kms, keyId),
    publicKey() {
      known ??= publicKeyOf(kms, keyId).catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
  };
}

async function publicKeyOf(kms: KMSClient, keyId: string): Promise<string> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  if (!PublicKey || !ed25519KeyIn(PublicKey)) throw new Error(`the KMS key ${keyId} is no Ed25519 key`);
  return Buffer.from(PublicKey).toString('base64');
}
