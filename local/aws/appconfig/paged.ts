import { AwsError } from '../aws-error.ts';

/** One page of a list: `max_results` 1 to 50 (default 50), `next_token` as the page before gave it. */
export function paged<Item>(items: readonly Item[], query: (name: string) => string | undefined) {
  const size = whole(query('max_results') ?? '50', 'max_results', 1, 50);
  const start = whole(decode(query('next_token')), 'next_token', 0, Number.MAX_SAFE_INTEGER);
  const end = start + size;
  const NextToken = end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined;
  return { Items: items.slice(start, end), NextToken };
}

const decode = (token: string | undefined) => (token === undefined ? '0' : Buffer.from(token, 'base64url').toString());

/** The text as a whole number between the bounds, or a BadRequestException that names the parameter. */
export function whole(text: string, name: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new AwsError('BadRequestException', `${name} must be a whole number from ${least} to ${most}, not "${text}"`);
}
