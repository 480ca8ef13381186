import { sha256 } from '../../domain/crypto/sha256.ts';

/** `sha256:<hex>` of exact bytes. */
export const digestOfBytes = (bytes: Uint8Array | string): string => `sha256:${sha256(bytes).toString('hex')}`;

/** `sha256:<hex>` of a document's RFC 8785 canonical JSON. Its own implementation, so that two programs agreeing means something. */
export const digestOfDocument = (document: unknown): string => digestOfBytes(canonical(document));

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1)); // UTF-16 code units
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
