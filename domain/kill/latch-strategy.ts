import type { StrategyId } from '../ids.ts';
import type { NewEntry, Receipt } from '../ledger/ledger-entry.ts';
import type { Strategies } from '../ports/strategies.ts';
import { type Kill, kill, killEntry, latchOf } from './kill.ts';
import { withDeadline } from './with-deadline.ts';

const RETRY_MS = 50; // architecture section 5: then the unconditional write
const TRANSACTION_DEADLINE_MS = 500; // and so for a store that hangs: one item may be written where two tables cannot

export type Latched = { epoch: number; receipt?: Receipt };

type Store = { strategies: Strategies; elapsedMs: () => number };
/** Latched, no such strategy, or why the transaction did not do it. */
type Tried = { latched: Latched } | 'unknown' | { failure: string };

/**
 * Latches a strategy whatever others are writing, and whatever the transaction fails of: it is retried for 50 ms, then one
 * unconditional update does it, whose entry the next append puts into the ledger. Nothing when there is no such strategy.
 */
export async function latchStrategy(strategyId: StrategyId, command: Kill, store: Store): Promise<Latched | undefined> {
  const seen = { latch: false, late: false };
  const tried = await withDeadline(inTransaction(strategyId, command, store, seen), TRANSACTION_DEADLINE_MS).catch(
    failed,
  );
  seen.late = true;
  if (tried === 'unknown') return undefined;
  if ('latched' in tried) return tried.latched;
  const { epoch } = await store.strategies.latchUnconditionally(
    strategyId,
    latchOf(command),
    unsealedEntry(command, tried.failure, seen.latch),
    command.now,
  );
  return { epoch };
}

/**
 * `seen` is told whether somebody had killed it before, for the case that this does not come to its end. What comes too late
 * to be waited for commits nothing any more, since the unconditional write is under way.
 */
async function inTransaction(
  strategyId: StrategyId,
  command: Kill,
  { strategies, elapsedMs }: Store,
  seen: { latch: boolean; readonly late: boolean },
): Promise<Tried> {
  const started = elapsedMs();
  do {
    const state = await strategies.read(strategyId);
    if (!state) return 'unknown';
    seen.latch = state.latch !== undefined;
    if (seen.late) return { failure: 'the store was late' };
    const decision = kill(state, command);
    const [receipt] = (await strategies.commit(state, decision, command.now)) ?? [];
    if (receipt) return { latched: { epoch: decision.reply.epoch, receipt } };
  } while (elapsedMs() - started < RETRY_MS);
  return { failure: 'others were writing' };
}

/** No fault of the transaction stops a kill; the entry keeps it, and a fault of the unconditional write is thrown. */
const failed = (error: unknown): Tried => ({ failure: String(error).slice(0, 200) });

/** The ledger will say why this entry was not written with the change it stands for. */
function unsealedEntry(command: Kill, failure: string, reaffirms: boolean): NewEntry {
  const entry = killEntry(command, reaffirms ? 'kill.reaffirmed' : 'kill.requested');
  return { ...entry, payload: { ...entry.payload, transaction: failure } };
}
