/** `4 min 05 s`, or undefined once the time is over. Times in ISO 8601. */
export function timeLeft(expiresAt: string, now: Date): string | undefined {
  const seconds = Math.ceil((Date.parse(expiresAt) - now.getTime()) / 1000);
  if (!(seconds > 0)) return undefined;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** The one that comes first of two times in ISO 8601. */
export const earlier = (one: string, other: string): string => (Date.parse(other) < Date.parse(one) ? other : one);

/** `2026-11-23 14:05:09 UTC`, as ledgers and terminals have it; what is no time stays as it is. */
export function utc(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
