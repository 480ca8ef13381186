import type { DsseEnvelope } from '../../domain/launch/dsse.ts';
import { envelopeOf, signEnvelope } from '../../domain/manifest/sign-envelope.ts';

export type ManifestKey = {
  /** PKCS #8 in DER, base64; Ed25519. */
  readonly privateKey: string;
  /** SPKI in DER, base64: what the control plane is told to trust. */
  readonly publicKey: string;
};

/** Signs an in-toto statement (a change manifest, a CI attestation) as the tools of others do: a DSSE envelope with one Ed25519 signature. */
export const signManifest = (statement: unknown, { privateKey, publicKey }: ManifestKey): DsseEnvelope =>
  signEnvelope(envelopeOf(statement), publicKey, privateKey);
