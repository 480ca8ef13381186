import { sign, verify } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { SigningKey } from './key-files.ts';

type ToSign = { readonly Message: string; readonly MessageType: string; readonly SigningAlgorithm: string };

const largestMessage = 4096;

export function signMessage({ arn, privateKey }: SigningKey, input: ToSign) {
  const Signature = sign(null, messageOf(arn, input), privateKey).toString('base64');
  return { KeyId: arn, Signature, SigningAlgorithm: input.SigningAlgorithm };
}

export function verifyMessage({ arn, publicKey }: SigningKey, input: ToSign & { readonly Signature: string }) {
  const valid = verify(null, messageOf(arn, input), publicKey, Buffer.from(input.Signature, 'base64'));
  if (!valid)
    throw new AwsError('KMSInvalidSignatureException', `The signature was not made by ${arn} over this message`);
  return { KeyId: arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
}

/** Only what AWS signs the same way: pure Ed25519 over the message itself. */
function messageOf(arn: string, { Message, MessageType, SigningAlgorithm }: ToSign): Buffer {
  if (SigningAlgorithm !== 'ED25519_SHA_512') {
    throw new AwsError('InvalidKeyUsageException', `${arn} signs with ED25519_SHA_512, not ${SigningAlgorithm}`);
  }
  if (MessageType !== 'RAW') {
    throw new AwsError('ValidationException', `ED25519_SHA_512 takes the RAW message, not ${MessageType}`);
  }
  const message = Buffer.from(Message, 'base64');
  if (message.length < 1 || message.length > largestMessage) {
    throw new AwsError(
      'ValidationException',
      `A message has 1 to ${largestMessage} bytes; this one has ${message.length}`,
    );
  }
  return message;
}
