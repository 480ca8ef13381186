import type { Caller } from '../approval/caller.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Refusal } from '../refusal.ts';

const ACCESS = LogId.parse('access');

/** Somebody authenticated tried something they may not do: that goes to the `access` log, never to a strategy's own (product decision 16). */
export async function recordRefusal(
  caller: Caller,
  attempted: { method: string; path: string },
  refusal: Refusal,
  { ledger, now }: Pick<Ports, 'ledger' | 'now'>,
): Promise<void> {
  const payload = {
    code: refusal.code,
    method: attempted.method,
    path: attempted.path.slice(0, 200),
    roles: caller.roles,
  };
  await ledger.append(ACCESS, [{ type: 'access.refused', actor: caller.subject, payload }], now());
}
