import * as z from 'zod';
import type { Kms } from '../aws/kms/kms.ts';

/** The public half of a signing key, base64 DER SPKI, as engines are configured with it. */
export async function commandPublicKey({ handle }: Kms, keyId: string): Promise<string> {
  const headers = { 'x-amz-target': 'TrentService.GetPublicKey' };
  const body = JSON.stringify({ KeyId: keyId });
  const response = await handle(new Request('http://127.0.0.1/', { method: 'POST', headers, body }));
  return z.object({ PublicKey: z.string() }).parse(await response.json()).PublicKey;
}
