import { createPrivateKey, sign } from 'node:crypto';
import { sha256 } from './sha256.ts';

/** An authenticator that is a key and a counter: for demo users of one machine and for tests. It proves nothing about a person. */
export type SoftwareAuthenticator = {
  /** The credential id, base64url. */
  readonly id: string;
  /** A P-256 key, DER PKCS #8 in base64. */
  readonly privateKey: string;
};

/** What a browser would hand to an authenticator, and where the page of that browser is. */
export type Ceremony = {
  readonly type: 'webauthn.get' | 'webauthn.create';
  /** base64url. */
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
  readonly counter: number;
  /** The flags of the authenticator data; user present and user verified when left out. */
  readonly flags?: number;
};

const USER_PRESENT_AND_VERIFIED = 0x05;

/** Signs as an authenticator does (W3C WebAuthn section 6.3.3): the same members as a browser's `PublicKeyCredential.toJSON()`. */
export function softwareAssertion({ id, privateKey }: SoftwareAuthenticator, ceremony: Ceremony) {
  const clientData = clientDataOf(ceremony);
  const authenticatorData = authenticatorDataOf(ceremony);
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), key);
  return {
    id,
    rawId: id,
    type: 'public-key' as const,
    response: {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
    },
    clientExtensionResults: {},
  };
}

/** The client data of a ceremony, as a browser writes it. */
export const clientDataOf = ({ type, challenge, origin }: Ceremony): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

/** The first 37 bytes of authenticator data: relying party, flags, counter. */
export function authenticatorDataOf({ rpId, counter, flags = USER_PRESENT_AND_VERIFIED }: Ceremony): Buffer {
  const tail = Buffer.alloc(5);
  tail.writeUInt8(flags, 0);
  tail.writeUInt32BE(counter, 1);
  return Buffer.concat([sha256(rpId), tail]);
}
