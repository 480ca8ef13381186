import { verifiesEd25519 } from '../crypto/ed25519.ts';
import type { DsseEnvelope } from '../launch/dsse.ts';
import { preAuthenticationEncoding } from '../launch/dsse.ts';
import type { RefusalCode } from '../refusal.ts';
import type { TrustedKey } from './trusted-key.ts';

/** What one signature of an envelope is worth. `code` is absent where it counts. */
export type JudgedSignature = {
  readonly key?: TrustedKey | undefined;
  readonly code?: Extract<RefusalCode, 'ManifestTampered' | 'ManifestKeyRevoked' | 'ManifestKeyExpired'>;
  /** Whose it is, or why it does not count, in plain words. */
  readonly told: string;
};

/** `issuedAt` is what the signed document says of itself. */
export type JudgedAt = { readonly issuedAt: string; readonly now: Date };

/**
 * Judges every signature: it counts when a known key made it over these very bytes, that key was valid when the document was
 * issued, and is not revoked now (runbook 1.1). `keyid` is a hint and never believed.
 */
export function judgeSignatures(
  { payloadType, payload, signatures }: DsseEnvelope,
  keys: readonly TrustedKey[],
  at: JudgedAt,
): JudgedSignature[] {
  const message = preAuthenticationEncoding(payloadType, Buffer.from(payload, 'base64'));
  return signatures.map(({ keyid, sig }) => {
    const signature = Buffer.from(sig, 'base64');
    const key = keys.find(({ publicKey }) => verifiesEd25519(publicKey, message, signature));
    return key ? judgeKey(key, at) : { code: 'ManifestTampered', told: noKey(keyid, keys) };
  });
}

function judgeKey(key: TrustedKey, { issuedAt, now }: JudgedAt): JudgedSignature {
  const { id, holder, from, until, revokedAt, reason } = key;
  const at = Date.parse(issuedAt);
  if (revokedAt !== undefined && Date.parse(revokedAt) <= now.getTime())
    return {
      key,
      code: 'ManifestKeyRevoked',
      told: `signed by ${id} of ${holder}, which was revoked at ${revokedAt}${reason === undefined ? '' : `: ${reason}`}`,
    };
  if (at < Date.parse(from) || (until !== undefined && at >= Date.parse(until)))
    return {
      key,
      code: 'ManifestKeyExpired',
      told: `signed by ${id} of ${holder}, which is good from ${from} until ${until ?? 'further notice'}, and this was issued at ${issuedAt}`,
    };
  return { key, told: `signed by ${id} of ${holder}` };
}

function noKey(keyid: string | undefined, keys: readonly TrustedKey[]): string {
  const named = keys.find(({ id, publicKey }) => keyid === id || keyid === publicKey);
  if (named) return `a signature that names ${named.id} and was not made by it over these bytes`;
  return `a signature of none of the ${keys.length} trusted keys${keyid === undefined ? '' : ` (it names ${keyid.slice(0, 70)})`}`;
}
