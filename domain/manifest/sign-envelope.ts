import { signEd25519 } from '../crypto/sign-ed25519.ts';
import { MANIFEST_PAYLOAD_TYPE } from '../launch/change-manifest.ts';
import { type DsseEnvelope, preAuthenticationEncoding } from '../launch/dsse.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';

/** An in-toto statement in an envelope that nobody has signed yet. */
export const envelopeOf = (statement: unknown): DsseEnvelope => ({
  payloadType: MANIFEST_PAYLOAD_TYPE,
  payload: Buffer.from(canonicalJson(statement)).toString('base64'),
  signatures: [],
});

/** The envelope with one more signature (Ed25519; `privateKey` as base64 DER PKCS #8). */
export function signEnvelope(envelope: DsseEnvelope, keyid: string, privateKey: string): DsseEnvelope {
  const { payloadType, payload, signatures } = envelope;
  const message = preAuthenticationEncoding(payloadType, Buffer.from(payload, 'base64'));
  const sig = signEd25519(privateKey, message).toString('base64');
  return { ...envelope, signatures: [...signatures, { keyid, sig }] };
}
