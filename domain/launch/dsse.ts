import * as z from 'zod';
import { verifiesEd25519 } from '../crypto/ed25519.ts';

/** A DSSE envelope (secure-systems-lab/dsse v1.0.2): payload and signatures over PAE(payloadType, payload), all base64. */
export const DsseEnvelope = z.object({
  payloadType: z.string().max(200),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string().max(200).optional(), sig: z.base64() })).max(16),
});
export type DsseEnvelope = z.infer<typeof DsseEnvelope>;

/** DSSE pre-authentication encoding: the exact bytes that are signed. */
export const preAuthenticationEncoding = (payloadType: string, payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);

/** The trusted keys (base64 SPKI Ed25519) that signed the envelope. `keyid` is a hint and never believed. */
export function trustedSignersOf(
  { payloadType, payload, signatures }: DsseEnvelope,
  trustedKeys: readonly string[],
): string[] {
  const message = preAuthenticationEncoding(payloadType, Buffer.from(payload, 'base64'));
  return trustedKeys.filter((key) =>
    signatures.some(({ sig }) => verifiesEd25519(key, message, Buffer.from(sig, 'base64'))),
  );
}
