import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';

/** A COSE_Key as the labels and values that stand in it (RFC 9052 section 7); numbers and byte strings are all there is. */
type CoseMap = ReadonlyMap<number, number | Buffer>;

/** An algorithm that authenticators sign with: exactly these labels, and the same key in the form of RFC 7517. */
type Algorithm = {
  readonly labels: readonly number[];
  readonly fixed: CoseMap;
  readonly jwk: (cose: CoseMap) => JsonWebKey;
  readonly hash: string | null;
};

const KTY = 1;
const ALG = 3;
const [CURVE, X, Y] = [-1, -2, -3];
const [MODULUS, EXPONENT] = [-1, -2];

const textOf = (cose: CoseMap, label: number): string => {
  const value = cose.get(label);
  return value instanceof Buffer ? value.toString('base64url') : '';
};

/** ES256 on P-256, EdDSA on Ed25519, and RS256 (RFC 9053 section 2, RFC 8812): what authenticators are asked for, and nothing else. */
const ALGORITHMS: ReadonlyMap<unknown, Algorithm> = new Map<unknown, Algorithm>([
  [
    -7,
    {
      labels: [KTY, ALG, CURVE, X, Y],
      fixed: new Map([
        [KTY, 2],
        [CURVE, 1],
      ]),
      jwk: (cose) => ({ kty: 'EC', crv: 'P-256', x: textOf(cose, X), y: textOf(cose, Y) }),
      hash: 'sha256',
    },
  ],
  [
    -8,
    {
      labels: [KTY, ALG, CURVE, X],
      fixed: new Map([
        [KTY, 1],
        [CURVE, 6],
      ]),
      jwk: (cose) => ({ kty: 'OKP', crv: 'Ed25519', x: textOf(cose, X) }),
      hash: null,
    },
  ],
  [
    -257,
    {
      labels: [KTY, ALG, MODULUS, EXPONENT],
      fixed: new Map([[KTY, 3]]),
      jwk: (cose) => ({ kty: 'RSA', n: textOf(cose, MODULUS), e: textOf(cose, EXPONENT) }),
      hash: 'sha256',
    },
  ],
]);

/** The COSE algorithms of `coseVerifier`, as a browser is asked for them. */
export const COSE_ALGORITHMS = [-7, -8, -257] as const;

/** Checks signatures of one key; a malformed signature is a no. */
export type CoseVerifier = (message: Uint8Array, signature: Uint8Array) => boolean;

/** A verifier for the signatures of a COSE_Key (ES256, EdDSA or RS256); nothing for any other key, and for bytes that are none. */
export function coseVerifier(publicKey: Uint8Array): CoseVerifier | undefined {
  const cose = coseMapIn(publicKey);
  const algorithm = cose && ALGORITHMS.get(cose.get(ALG));
  if (!algorithm || !fits(cose, algorithm)) return undefined;
  const key = keyOf(algorithm.jwk(cose));
  return key && ((message, signature) => verify(algorithm.hash, message, key, signature));
}

/** The COSE_Key of an ES256 key on P-256, by its two coordinates of 32 bytes. */
export const coseOfP256 = (x: Uint8Array, y: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), x, Buffer.from('225820', 'hex'), y]);

const fits = (cose: CoseMap, { labels, fixed }: Algorithm) =>
  cose.size === labels.length &&
  labels.every((label) => cose.has(label)) &&
  [...fixed].every(([label, value]) => cose.get(label) === value);

function keyOf(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined; // fail closed: what is no point of the curve proves nothing
  }
}

/** Reads a CBOR map of small whole numbers to whole numbers and byte strings (RFC 8949 section 3), all that a COSE_Key holds; nothing for any other bytes. */
function coseMapIn(bytes: Uint8Array): CoseMap | undefined {
  const reader = { bytes: Buffer.from(bytes), at: 0 };
  const head = headAt(reader);
  if (head?.major !== 5) return undefined;
  const map = new Map<number, number | Buffer>();
  for (let member = 0; member < head.value; member += 1) {
    const label = itemAt(reader);
    const value = itemAt(reader);
    if (typeof label !== 'number' || value === undefined || map.has(label)) return undefined;
    map.set(label, value);
  }
  return reader.at === reader.bytes.length ? map : undefined;
}

type Reader = { readonly bytes: Buffer; at: number };

/** A whole number or a byte string. */
function itemAt(reader: Reader): number | Buffer | undefined {
  const head = headAt(reader);
  if (!head) return undefined;
  if (head.major === 0) return head.value;
  if (head.major === 1) return -1 - head.value;
  if (head.major !== 2 || reader.at + head.value > reader.bytes.length) return undefined;
  const begin = reader.at;
  reader.at += head.value;
  return reader.bytes.subarray(begin, reader.at);
}

/** What kind of item comes, and its number, in the shortest form of up to two bytes. */
function headAt(reader: Reader): { readonly major: number; readonly value: number } | undefined {
  const { bytes, at } = reader;
  const first = bytes[at];
  if (first === undefined) return undefined;
  const [major, info] = [first >> 5, first & 31];
  const length = info < 24 ? 0 : info - 23;
  if (length > 2 || at + 1 + length > bytes.length) return undefined;
  reader.at = at + 1 + length;
  const value = length === 0 ? info : bytes.readUIntBE(at + 1, length);
  return value < leastOf(length) ? undefined : { major, value };
}

/** What takes so many more bytes is at least this: a number has one form only. */
const leastOf = (length: number): number => (length === 0 ? 0 : length === 1 ? 24 : 256);
