const MAX_REASON = 500;

/** A kill is never refused for form (product decision 2): what is no text becomes "not given", control characters go, long text is cut. */
export function cleanReason(reason: unknown): string {
  if (typeof reason !== 'string') return 'not given';
  const text = reason
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
  if (text === '') return 'not given';
  return [...text].slice(0, MAX_REASON).join('');
}
