import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { sha256 } from '../../domain/crypto/sha256.ts';
import { Problem } from '../program/problem.ts';
import type { NonceCache } from './nonce-cache.ts';

export type SignedRequest = {
  readonly method: string;
  /** Exactly the URI that the sender addressed: the instance's own control URL and path, never taken from a Host header. */
  readonly targetUri: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
};
export type ControlKeys = {
  readonly command: KeyObject;
  readonly kill: KeyObject;
  /** Devices that may halt, as the control plane told them last. */
  readonly device?: (keyid: string) => KeyObject | undefined;
};
export type KeyId = 'command' | 'kill' | `device:${string}`;

const TAG = 'tradepulse-control';
const MAX_LIFE_S = 30;
const CLOCK_SKEW_S = 5;
const DEVICE_SKEW_S = 900; // a laptop or a button whose clock is off by ten minutes still halts
const COMPONENTS = ['@method', '@target-uri', 'content-digest'];
const PARAMETERS = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'];

/** An Ed25519 public key from base64 DER SPKI. Throws on anything else. */
export function publicKeyOf(base64: string): KeyObject {
  const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a control key is Ed25519, not ${key.asymmetricKeyType}`);
  return key;
}

/**
 * Verifies a command (RFC 9421 signature, RFC 9530 digest) and returns which key signed it. Refuses with 401: no or a wrong
 * signature, other components or parameters than the contract's, a life of more than 30 s, a clock more than 5 s away (of a
 * device 15 minutes), a body that was changed, and a nonce used before.
 */
export async function verifySignature(
  request: SignedRequest,
  keys: ControlKeys,
  usedBefore: NonceCache,
  nowMs: number,
): Promise<KeyId> {
  requireDigest(request);
  const accepted: { keyid: KeyId; nonce: string; expires: number }[] = [];
  const valid = await verified(request, (parameters) => {
    const signer = judgeParameters(parameters, nowMs);
    const key = keyOf(signer.keyid, keys);
    accepted.push(signer);
    return {
      id: signer.keyid,
      algs: ['ed25519'],
      verify: async (data, signature) => verify(null, data, key, signature),
    };
  });
  const [signer, another] = accepted;
  if (valid !== true || !signer || another) throw unauthorised('the signature is missing, wrong, or not the only one');
  if (!usedBefore(`${signer.keyid}/${signer.nonce}`, signer.expires * 1000, nowMs)) {
    throw new Problem(401, 'Replayed', 'this signed request was received before', 'sign every request afresh');
  }
  return signer.keyid;
}

type Parameters = Readonly<Record<string, unknown>>;
type Lookup = (parameters: Parameters) => {
  id: string;
  algs: string[];
  verify: (data: Buffer, signature: Buffer) => Promise<boolean>;
};

async function verified({ method, targetUri, headers }: SignedRequest, keyLookup: Lookup): Promise<boolean | null> {
  const message = { method, url: targetUri, headers: Object.fromEntries(headers) };
  try {
    return await httpbis.verifyMessage(
      {
        keyLookup: async (parameters) => keyLookup(parameters),
        requiredFields: COMPONENTS,
        requiredParams: PARAMETERS,
        tolerance: DEVICE_SKEW_S, // judged more closely in judgeParameters
      },
      message,
    );
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw unauthorised(`the signature is not acceptable: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function judgeParameters(parameters: Parameters, nowMs: number): { keyid: KeyId; nonce: string; expires: number } {
  const { keyid, alg, tag, nonce } = parameters;
  const created = secondsOf(parameters['created']);
  const expires = secondsOf(parameters['expires']);
  if (!isKeyId(keyid)) throw unauthorised('keyid names no key of the control plane');
  if (alg !== 'ed25519' || tag !== TAG) throw unauthorised(`alg is ed25519 and tag is ${TAG}`);
  if (typeof nonce !== 'string' || nonce.length < 16 || nonce.length > 200)
    throw unauthorised('nonce has 16 to 200 characters');
  const now = nowMs / 1000;
  if (!(expires >= created && expires - created <= MAX_LIFE_S))
    throw unauthorised(`a signature lives for at most ${MAX_LIFE_S} s`);
  const skew = skewOf(keyid);
  if (!(created <= now + skew && now <= expires + skew))
    throw unauthorised('the signature is stale, or its clock is ahead of ours');
  return { keyid, nonce, expires: expires + skew };
}

const skewOf = (keyid: KeyId): number => (keyid === 'command' || keyid === 'kill' ? CLOCK_SKEW_S : DEVICE_SKEW_S);

const isKeyId = (keyid: unknown): keyid is KeyId =>
  keyid === 'command' || keyid === 'kill' || (typeof keyid === 'string' && /^device:[a-z][a-z0-9-]{0,39}$/.test(keyid));

function keyOf(keyid: KeyId, { command, kill, device }: ControlKeys): KeyObject {
  if (keyid === 'command') return command;
  const key = keyid === 'kill' ? kill : device?.(keyid);
  if (key) return key;
  throw unauthorised('keyid names no device that this engine was told of');
}

const secondsOf = (value: unknown): number =>
  value instanceof Date ? value.getTime() / 1000 : typeof value === 'number' ? value : Number.NaN;

function requireDigest({ headers, body }: SignedRequest): void {
  const expected = `sha-256=:${sha256(body).toString('base64')}:`;
  const given = (headers.get('content-digest') ?? '').split(',').map((each) => each.trim());
  if (!given.includes(expected)) throw unauthorised('content-digest is missing, or is not the sha-256 of this body');
}

const unauthorised = (detail: string): Problem =>
  new Problem(401, 'SignatureInvalid', detail, 'sign as docs/engine-contract.md says');
