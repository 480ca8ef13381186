import { createHash, randomUUID } from 'node:crypto';
import { httpbis } from 'http-message-signatures';

export type CommandSigner = { keyId: 'command' | 'kill'; sign: (message: Uint8Array) => Promise<Uint8Array> };
export type SignedRequest = { method: 'GET' | 'POST'; url: string; body?: unknown };

const LIFETIME_MS = 30_000;
const FIELDS = ['@method', '@target-uri', 'content-digest'];
const PARAMS = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'];

/**
 * Signs a request to an engine: RFC 9421 over method, target and content digest (RFC 9530), good for 30 s and for one
 * use (nonce). Returns what fetch needs.
 */
export async function signedRequest(
  { method, url, body }: SignedRequest,
  signer: CommandSigner,
  now: Date,
): Promise<{ method: string; headers: Record<string, string>; body?: string }> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const digest = createHash('sha256').update(text).digest('base64');
  const headers = { 'content-type': 'application/json', 'content-digest': `sha-256=:${digest}:` };
  const key = { id: signer.keyId, alg: 'ed25519', sign: async (data: Buffer) => Buffer.from(await signer.sign(data)) };
  const paramValues = {
    created: now,
    expires: new Date(now.getTime() + LIFETIME_MS),
    nonce: randomUUID(),
    tag: 'tradepulse-control',
  };
  const signed = await httpbis.signMessage(
    { key, name: 'control', fields: FIELDS, params: PARAMS, paramValues },
    { method, url, headers },
  );
  const flat = Object.fromEntries(Object.entries(signed.headers).map(([name, value]) => [name, String(value)]));
  return { method, headers: flat, ...(body !== undefined && { body: text }) };
}
