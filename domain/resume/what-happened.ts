import type { StrategyId } from '../ids.ts';
import { LedgerEntry, LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';

/** What makes a strategy SAFE, as the ledger calls it. */
const CAUSES = new Set(['lease.expired', 'engine.halted', 'safe-mode.entered', 'safe-mode.reaffirmed']);
const AS_MANY_AS_READ = 500;

/** The entry that people are shown, and sign, as what they resume from. */
export type WhatHappened = { entry: number; leafHash: string; type: string; at: string; details: object };

/** The newest entry that made the strategy SAFE, from its own ledger; nothing where the last 500 entries hold none. */
export async function whatHappened(
  strategyId: StrategyId,
  { ledger }: { ledger: Pick<Ports['ledger'], 'page'> },
): Promise<WhatHappened | undefined> {
  const page = await ledger.page(LogId.parse(strategyId), { limit: AS_MANY_AS_READ, order: 'desc' });
  for (const { index, leafHash, entry } of page?.entries ?? []) {
    const { type, at, payload } = LedgerEntry.parse(entry);
    if (CAUSES.has(type)) return { entry: index, leafHash, type, at, details: detailsOf(payload) };
  }
  return undefined;
}

/** What the entry says, without what it changed of the state. */
function detailsOf({ changes: _changes, ...details }: LedgerEntry['payload']): object {
  return details;
}
