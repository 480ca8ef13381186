import { sha256 } from './sha256.ts';

/** Signs bytes with Ed25519 (RFC 8032); `keyid` is what the receiver knows the key by. The kill key and those of devices may only halt. */
export type RequestSigner = {
  readonly keyid: 'command' | 'kill' | `device:${string}`;
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
};

export type UnsignedRequest = {
  readonly method: 'GET' | 'POST';
  readonly targetUri: string;
  /** Absent for questions: then `content-digest` is not covered. */
  readonly body?: Uint8Array | undefined;
};
export type SigningMoment = { readonly now: Date; readonly nonce: string };

/** How long a signed request may be used. Engines refuse more than 30 s; where a device signed, `created` decides. */
const LIFE_S = 20;

/** A request as it was signed: what goes out with it, and what shows afterwards that it was sent. */
export type SignedHeaders = {
  readonly headers: Record<string, string>;
  /** The signature base, as text. */
  readonly base: string;
  /** Base64. */
  readonly signature: string;
};

/** The headers that make a request ours (RFC 9421 label `sig`, RFC 9530 `content-digest`), as docs/engine-contract.md fixes them. */
export const signRequest = async (
  request: UnsignedRequest,
  signer: RequestSigner,
  moment: SigningMoment,
): Promise<Record<string, string>> => (await signedHeaders(request, signer, moment)).headers;

/** The same, with what a record of it keeps. */
export async function signedHeaders(
  request: UnsignedRequest,
  { keyid, sign }: RequestSigner,
  { now, nonce }: SigningMoment,
): Promise<SignedHeaders> {
  const created = Math.floor(now.getTime() / 1000);
  const digest = request.body && `sha-256=:${sha256(request.body).toString('base64')}:`;
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
  const signature = Buffer.from(await sign(new TextEncoder().encode(base))).toString('base64');
  return {
    base,
    signature,
    headers: {
      ...(digest !== undefined && { 'content-digest': digest }),
      'signature-input': `sig=${parameters}`,
      signature: `sig=:${signature}:`,
    },
  };
}
