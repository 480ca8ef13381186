import { createHash } from 'node:crypto';

/** An id of the given length in `[a-z0-9]`, always the same for the same name: what AWS would have made up, made up once. */
export function deriveId(name: string, length: number): string {
  const digits = BigInt(`0x${createHash('sha256').update(name).digest('hex')}`).toString(36);
  return digits.slice(-length).padStart(length, '0');
}

/** A UUID derived from a name, for resources that AWS names by UUID (KMS keys). */
export function deriveUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
