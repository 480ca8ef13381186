import * as z from 'zod';

/** DSSE lets a producer choose either alphabet of base64; anything else is junk. */
const Base64 = z.string().regex(/^([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/, 'this is not base64');

/** A DSSE envelope (secure-systems-lab/dsse v1.0.2): payload and signatures over PAE(payloadType, payload), all base64. Members it does not know are left out, as that specification asks. */
export const DsseEnvelope = z.object({
  payloadType: z.string().min(1).max(200),
  payload: Base64.min(1),
  signatures: z.array(z.object({ keyid: z.string().max(200).optional(), sig: Base64.min(1).max(1024) })).max(16),
});
export type DsseEnvelope = z.infer<typeof DsseEnvelope>;

/** DSSE pre-authentication encoding: the exact bytes that are signed. */
export const preAuthenticationEncoding = (payloadType: string, payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
