/** Nobody is left alone for longer: a message that is an hour late helps nobody. */
const LONGEST_MS = 15 * 60_000;

/** The `Retry-After` of an answer (RFC 9110: seconds, or a date) in milliseconds from `now`, 15 minutes at most; undefined for none, or one that is neither. */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const wanted = /^\d{1,10}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), LONGEST_MS);
}
