import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../program/problem.ts';

export type KeyKind = 'trading' | 'control';

/** Which kind of key a request carries, compared in constant time. Refuses a request without a known key. */
export function keyKindOf(
  authorization: string | undefined,
  keys: { trading: readonly string[]; control: readonly string[] },
): KeyKind {
  const [scheme, given = ''] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer') {
    if (keys.trading.some((key) => same(key, given))) return 'trading';
    if (keys.control.some((key) => same(key, given))) return 'control';
  }
  throw new Problem(
    401,
    'KeyUnknown',
    'the request carries no key that this venue knows',
    'send Authorization: Bearer <key>',
  );
}

const same = (left: string, right: string): boolean => timingSafeEqual(hashed(left), hashed(right));
const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();
