import { GetPublicKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { ed25519KeyIn } from '../../domain/crypto/ed25519.ts';
import { type NoteKey, noteKey } from '../../domain/ledger/signed-note.ts';
import type { CheckpointKeys } from '../../domain/ports/checkpoints.ts';
import { createKmsSigner } from './kms-signer.ts';

/** The checkpoint keys of the deployment, oldest first, by their KMS ids. Public halves are asked for once per sandbox; a failure is asked again. */
export function kmsCheckpointKeys(kms: KMSClient, keyIds: readonly string[], ledgerName: string): CheckpointKeys {
  let known: Promise<readonly NoteKey[]> | undefined;
  const all = () => {
    known ??= Promise.all(keyIds.map((id) => publicKey(kms, id, ledgerName))).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return {
    all,
    async sign(key, text) {
      const at = (await all()).findIndex(({ vkey }) => vkey === key.vkey);
      const keyId = keyIds[at];
      if (keyId === undefined)
        throw new Error(`${key.vkey} is no key of this deployment: keep it until the next one is in use everywhere`);
      return createKmsSigner(kms, keyId)(Buffer.from(text));
    },
  };
}

async function publicKey(kms: KMSClient, keyId: string, ledgerName: string): Promise<NoteKey> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  const bytes = ed25519KeyIn(PublicKey ?? new Uint8Array());
  const key = bytes && noteKey(ledgerName, bytes);
  if (!key) throw new Error(`the KMS key ${keyId} is no Ed25519 key, or '${ledgerName}' is no name for one`);
  return key;
}
