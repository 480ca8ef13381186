import { createHash } from 'node:crypto';
import { authenticatorDataOf, type Ceremony, clientDataOf } from '../../domain/crypto/software-authenticator.ts';
import type { Registration } from '../../domain/signature/registration-response.ts';
import { RELYING_PARTY } from './fake-webauthn.ts';
import { authenticatorOf } from './passkeys.ts';

const USER_VERIFIED_WITH_KEY = 0x45;
const bytesHead = (length: number) =>
  length < 256 ? Buffer.of(0x58, length) : Buffer.of(0x59, length >> 8, length & 255);
const text = (value: string) => Buffer.concat([Buffer.of(0x60 + value.length), Buffer.from(value)]);

/** What an authenticator gives that makes the key of this name: an attestation object of the format `none` (W3C WebAuthn section 6.5), or of another. */
export function registrationOf(
  name: string,
  { challenge, format = 'none', ...changes }: Partial<Ceremony> & { challenge: string; format?: string },
): Registration {
  const { id, publicKey } = authenticatorOf(name);
  const ceremony: Ceremony = {
    type: 'webauthn.create',
    challenge,
    ...RELYING_PARTY,
    counter: 0,
    flags: USER_VERIFIED_WITH_KEY,
    ...changes,
  };
  const credentialId = Buffer.from(id, 'base64url');
  const authData = Buffer.concat([
    authenticatorDataOf(ceremony),
    Buffer.alloc(16),
    Buffer.of(0, credentialId.length),
    credentialId,
    Buffer.from(publicKey, 'base64url'),
  ]);
  const attestation = [
    ...[Buffer.of(0xa3), text('fmt'), text(format), text('attStmt'), Buffer.of(0xa0), text('authData')],
    ...[bytesHead(authData.length), authData],
  ];
  return {
    id,
    rawId: id,
    type: 'public-key',
    response: {
      clientDataJSON: clientDataOf(ceremony).toString('base64url'),
      attestationObject: Buffer.concat(attestation).toString('base64url'),
    },
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
  };
}

/** 32 bytes that are no secret. */
export const aChallenge = createHash('sha256').update('a challenge').digest('base64url');
