import type { Caller } from '../approval/caller.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusals } from '../ports/refusals.ts';
import type { Refusal } from '../refusal.ts';

/**
 * Somebody authenticated tried something they may not do. It is counted at once and sealed into the `access` log when its
 * minute is over; a strategy's own log never hears of it, so junk cannot contend with a kill (product decision 16).
 */
export function recordRefusal(
  { subject, roles }: Caller,
  { method, path }: { method: string; path: string },
  { code }: Refusal,
  { refusals, now }: Pick<Ports, 'now'> & { readonly refusals: Pick<Refusals, 'count'> },
): Promise<void> {
  return refusals.count({ actor: subject, code, method, path: path.slice(0, 200), roles, at: now() });
}
