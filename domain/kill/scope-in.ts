import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { Scope, scopesOf } from './scope-latch.ts';

const MOST_NAMED = 20;
const ALL = Scope.parse('all');

/**
 * The scope that somebody means, whatever its case: one that covers something registered, or `all`, which there always is.
 * Refuses another with UnknownScope, unless nobody knows what is registered: then any scope is taken at its word.
 */
export function scopeIn(asked: unknown, registry: readonly Registration[] | undefined): Scope {
  const text = typeof asked === 'string' ? asked.trim() : '';
  const known = [...new Set([ALL, ...(registry ?? []).flatMap(scopesOf)])];
  const found =
    known.find((scope) => scope === text) ?? known.find((scope) => scope.toLowerCase() === text.toLowerCase());
  if (found) return found;
  const unjudged = registry ? undefined : Scope.safeParse(text).data;
  if (unjudged) return unjudged;
  const more = known.length > MOST_NAMED ? `, and ${known.length - MOST_NAMED} more` : '';
  throw new Refusal(
    'UnknownScope',
    text === '' ? 'no scope was named' : `there is no scope ${text.slice(0, 120)}`,
    `nothing was done; there are ${known.slice(0, MOST_NAMED).join(', ')}${more}`,
    { known },
  );
}
