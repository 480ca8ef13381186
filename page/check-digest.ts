import { canonicalJson } from '../domain/ledger/canonical-json.ts';

/** Whether the document that is shown is the one that would be signed; `shown` is its digest as computed here. */
export type DigestCheck = { readonly matches: boolean; readonly shown: string; readonly asked: string };

/**
 * Computes the digest of a document anew (SHA-256 of its RFC 8785 form), and compares it with the digest that is asked about and
 * with the challenge that an authenticator would sign. A server that shows one document and has another one signed is caught here.
 */
export async function checkDigest(
  { document, digest }: { readonly document: unknown; readonly digest: string },
  challenge: string,
): Promise<DigestCheck> {
  const text = canonicalOrNot(document);
  if (text === undefined) return { matches: false, shown: 'none: it has no canonical form', asked: digest };
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const shown = `sha256:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return { matches: shown === digest && base64Url(bytes) === challenge, shown, asked: digest };
}

function canonicalOrNot(document: unknown): string | undefined {
  try {
    return canonicalJson(document);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
