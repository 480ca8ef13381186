import { canonicalJson } from '../canonical-json.ts';
import type { ParsedJson } from './parsed-json.ts';

/** Objects and arrays in an entry, one within another; more than that is refused, so that no reader runs out of stack. */
export const MOST_LEVELS = 64;

type Order = 'sorted' | 'unsorted' | 'too deep';

/**
 * What keeps a text from being the RFC 8785 canonical JSON of the value that was parsed from it; nothing when it is. Cheap and exact:
 * JavaScript keeps members in the order of the text, so a value whose members are sorted and whose text comes out the same is
 * canonical (a member that stood twice does not come out again). Only names like `10` and half surrogate pairs need the long way.
 */
export function notCanonical(value: ParsedJson, text: string): string | undefined {
  const order = orderOf(value, 1);
  if (order === 'too deep') return `nests more than ${MOST_LEVELS} deep`;
  if (order === 'sorted' && JSON.stringify(value) === text && !text.includes('\\ud')) return undefined;
  return isCanonicalTheLongWay(value, text) ? undefined : 'is not canonical JSON (RFC 8785)';
}

function orderOf(value: ParsedJson | undefined, level: number): Order {
  if (typeof value !== 'object' || value === null) return 'sorted';
  if (level > MOST_LEVELS) return 'too deep';
  return Array.isArray(value) ? orderOfItems(value, level) : orderOfMembers(value, level);
}

function orderOfItems(items: readonly ParsedJson[], level: number): Order {
  let worst: Order = 'sorted';
  for (const item of items) worst = worse(worst, orderOf(item, level + 1));
  return worst;
}

/** `for in`, since parsed JSON has no other members than its own, and this is called for every object of a million entries. */
function orderOfMembers(object: { readonly [name: string]: ParsedJson }, level: number): Order {
  let worst: Order = 'sorted';
  let last = '';
  for (const name in object) {
    if (name < last) worst = worse(worst, 'unsorted');
    last = name;
    const member = object[name];
    if (typeof member === 'object') worst = worse(worst, orderOf(member, level + 1));
  }
  return worst;
}

const worse = (one: Order, other: Order): Order => (one === 'sorted' || other === 'too deep' ? other : one);

function isCanonicalTheLongWay(value: unknown, text: string): boolean {
  try {
    return canonicalJson(value) === text;
  } catch (error) {
    if (error instanceof TypeError) return false; // half a surrogate pair, or a number beyond all numbers
    throw error;
  }
}
