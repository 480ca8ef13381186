import * as z from 'zod';

/** A body of at most this many bytes is kept with the proof, so that a verifier sees what was asked for. */
export const MOST_BODY_BYTES = 4_096;

/** What shows that a device signed a kill: the RFC 9421 signature base with its Ed25519 signature, kept in `proofs` of the kill's entry. */
export const DeviceProof = z.strictObject({
  method: z.literal('device-key'),
  keyid: z.string(),
  /** SubjectPublicKeyInfo, base64: the key as it was enrolled when this was signed. */
  publicKey: z.string(),
  /** The signature base, as text. */
  base: z.string(),
  /** Base64. */
  signature: z.string(),
  /** Seconds since 1970, by the clock of the device. */
  created: z.int(),
  nonce: z.string(),
  /** `sha256:<hex>` of the body's bytes. */
  digest: z.string(),
  /** The body, base64; left out where it is long. */
  body: z.string().optional(),
});
export type DeviceProof = z.infer<typeof DeviceProof>;
