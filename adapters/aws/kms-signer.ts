import { type KMSClient, SignCommand } from '@aws-sdk/client-kms';

/** Signs with an Ed25519 key that never leaves KMS. Messages of at most 4,096 bytes (MessageType RAW). */
export const createKmsSigner =
  (kms: KMSClient, keyId: string) =>
  async (message: Uint8Array): Promise<Uint8Array> => {
    const { Signature } = await kms.send(
      new SignCommand({ KeyId: keyId, Message: message, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }),
    );
    if (!Signature) throw new Error('KMS returned no signature');
    return Signature;
  };
