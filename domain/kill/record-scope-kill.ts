import type { Caller } from '../approval/caller.ts';
import { LogId, type NewEntry, type Receipt } from '../ledger/ledger-entry.ts';
import type { Ledger } from '../ports/strategies.ts';
import type { Registration } from '../registration.ts';
import type { ToldBefore } from './execute-kill.ts';
import type { ScopeLatch } from './scope-latch.ts';
import { withDeadline } from './with-deadline.ts';

const DEADLINE_MS = 3_000;
const DESK = LogId.parse('desk');

type Killed = {
  stands: ScopeLatch | undefined;
  members: readonly Registration[];
  caller: Caller;
  direct?: ToldBefore | undefined;
};

/** Records a scope's kill in the log `desk`. Nothing when that cannot be written in time: a kill is held up by no ledger, and the log of each strategy has its own entry. */
export const recordScopeKill = (
  latch: ScopeLatch,
  killed: Killed,
  { ledger, now }: { ledger: Pick<Ledger, 'append'>; now: () => Date },
): Promise<Receipt | undefined> =>
  withDeadline(ledger.append(DESK, [scopeKillEntry(latch, killed)], now()), DEADLINE_MS).then(
    ([receipt]) => receipt,
    () => undefined,
  );

/** A kill of a scope that stands latched already is a reaffirmation, its own repeats among them. */
function scopeKillEntry(latch: ScopeLatch, { stands = latch, members, caller, direct }: Killed): NewEntry {
  const { id: scope, initiatedBy, reason, proof, at } = latch;
  const first = stands.command === latch.command && stands.at === at;
  return {
    type: first ? 'kill.scope-requested' : 'kill.scope-reaffirmed',
    actor: initiatedBy,
    payload: {
      scope,
      reason,
      decidedAt: at,
      strategies: members.map(({ id }) => id),
      ...(caller.expiredForMs !== undefined && { tokenExpiredForMs: caller.expiredForMs }),
      ...(caller.aheadMs !== undefined && { tokenAheadMs: caller.aheadMs }),
      ...(direct && { direct: direct.inAll }),
    },
    ...(proof && { proofs: [proof] }),
  };
}
