import { StrategyId } from '../ids.ts';
import { ControlState } from './control-state.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { applyMergePatch } from './merge-patch.ts';

/** A strategy's log, replayed up to some entry: how many entries that were, and what they said of its state. */
export type Replayed = { readonly ledgerSize: number; readonly said: unknown };

/** A strategy as its entries alone tell it: all that decides whether it may trade. */
export type ReplayedStrategy = ControlState & { readonly id: StrategyId; readonly ledgerSize: number };

export const NOTHING_REPLAYED: Replayed = { ledgerSize: 0, said: {} };

/** One entry more. Throws a RangeError for an entry that is not the next one: a state with one left out never was. */
export function replayNext({ ledgerSize, said }: Replayed, { seq, payload }: LedgerEntry): Replayed {
  if (seq !== ledgerSize) throw new RangeError(`entry ${seq} came where entry ${ledgerSize} belongs`);
  return { ledgerSize: ledgerSize + 1, said: applyMergePatch(said, payload['changes'] ?? {}) };
}

/** The state that was replayed, of the strategy whose log it was. Nothing where the entries do not say all of one: `access` and `desk` do not. */
export function replayedStrategy(log: string, { ledgerSize, said }: Replayed): ReplayedStrategy | undefined {
  const [id, state] = [StrategyId.safeParse(log), ControlState.safeParse(said)];
  return id.success && state.success ? { id: id.data, ...state.data, ledgerSize } : undefined;
}

/** The state after all of these entries of one log, from its first on, oldest first. Nothing where they do not say all of one. */
export function replay(entries: readonly LedgerEntry[]): ReplayedStrategy | undefined {
  const replayed = entries.reduce(replayNext, NOTHING_REPLAYED);
  return replayedStrategy(entries[0]?.log ?? '', replayed);
}
