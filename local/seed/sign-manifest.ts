import { createPrivateKey, sign } from 'node:crypto';
import { type ChangeManifest, MANIFEST_PAYLOAD_TYPE } from '../../domain/launch/change-manifest.ts';
import { type DsseEnvelope, preAuthenticationEncoding } from '../../domain/launch/dsse.ts';

export type ManifestKey = {
  /** PKCS #8 in DER, base64; Ed25519. */
  readonly privateKey: string;
  /** SPKI in DER, base64: what the control plane is told to trust. */
  readonly publicKey: string;
};

/** Signs a change manifest as an approver's tool does: a DSSE envelope with one Ed25519 signature. */
export function signManifest(manifest: ChangeManifest, { privateKey, publicKey }: ManifestKey): DsseEnvelope {
  const payload = Buffer.from(JSON.stringify(manifest));
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const signature = sign(null, preAuthenticationEncoding(MANIFEST_PAYLOAD_TYPE, payload), key);
  return {
    payloadType: MANIFEST_PAYLOAD_TYPE,
    payload: payload.toString('base64'),
    signatures: [{ keyid: publicKey, sig: signature.toString('base64') }],
  };
}
