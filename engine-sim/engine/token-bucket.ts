export type Bucket = { readonly tokens: number; readonly at: number };
export const EMPTY_BUCKET: Bucket = { tokens: 0, at: Number.NEGATIVE_INFINITY };

/**
 * Takes one order's worth at `perSecond`, at most one second's worth saved up. 0 means stop, never unlimited; time that goes
 * back refills nothing. Milliseconds, monotonic.
 */
export function takeToken(
  bucket: Bucket,
  perSecond: number,
  now: number,
): { readonly allowed: boolean; readonly bucket: Bucket } {
  if (!(perSecond > 0)) return { allowed: false, bucket: { tokens: 0, at: now } };
  const capacity = Math.max(1, perSecond);
  const elapsed = Math.max(0, now - bucket.at);
  const tokens = Math.min(capacity, bucket.tokens + (elapsed / 1000) * perSecond);
  return tokens >= 1
    ? { allowed: true, bucket: { tokens: tokens - 1, at: now } }
    : { allowed: false, bucket: { tokens, at: now } };
}
