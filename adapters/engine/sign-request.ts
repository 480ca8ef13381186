import { createHash } from 'node:crypto';

/** Signs bytes with Ed25519 (RFC 8032); `keyid` is what the engine knows the key by. The kill key may only halt. */
export type RequestSigner = {
  readonly keyid: 'command' | 'kill';
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
};

export type UnsignedRequest = {
  readonly method: 'GET' | 'POST';
  readonly targetUri: string;
  /** Absent for questions: then `content-digest` is not covered. */
  readonly body?: Uint8Array | undefined;
};
export type SigningMoment = { readonly now: Date; readonly nonce: string };

/** How long a signed request may be used. Engines refuse more than 30 s. */
const LIFE_S = 20;

/** The headers that make a request ours (RFC 9421 label `sig`, RFC 9530 `content-digest`), as docs/engine-contract.md fixes them. */
export async function signRequest(
  request: UnsignedRequest,
  { keyid, sign }: RequestSigner,
  { now, nonce }: SigningMoment,
): Promise<Record<string, string>> {
  const created = Math.floor(now.getTime() / 1000);
  const digest = request.body && `sha-256=:${createHash('sha256').update(request.body).digest('base64')}:`;
  const components: readonly (readonly [string, string])[] = [
    ['@method', request.method],
    ['@target-uri', request.targetUri],
    ...(digest === undefined ? [] : ([['content-digest', digest]] as const)),
  ];
  const names = components.map(([name]) => `"${name}"`).join(' ');
  const parameters = `(${names});created=${created};expires=${created + LIFE_S};nonce="${nonce}";keyid="${keyid}";alg="ed25519";tag="tradepulse-control"`;
  const base = [...components.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`].join(
    '\n',
  );
  const signature = await sign(new TextEncoder().encode(base));
  return {
    ...(digest !== undefined && { 'content-digest': digest }),
    'signature-input': `sig=${parameters}`,
    signature: `sig=:${Buffer.from(signature).toString('base64')}:`,
  };
}
