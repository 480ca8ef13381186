import type { StrategyId } from '../ids.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { Strategies } from '../ports/strategies.ts';
import type { Strategy } from '../strategy.ts';
import { type Kill, kill, killEntry, latchOf } from './kill.ts';

const RETRY_MS = 50; // architecture section 5: then the unconditional write

export type Latched = { epoch: number; receipt?: Receipt };

/**
 * Latches a strategy whatever others are writing: the transaction is retried for 50 ms, then one unconditional update does
 * it, whose entry the next append puts into the ledger. Nothing when there is no such strategy.
 */
export async function latchStrategy(
  strategyId: StrategyId,
  command: Kill,
  { strategies, elapsedMs }: { strategies: Strategies; elapsedMs: () => number },
): Promise<Latched | undefined> {
  const started = elapsedMs();
  let state: Strategy | undefined;
  do {
    state = await strategies.read(strategyId);
    if (!state) return undefined;
    const decision = kill(state, command);
    const receipts = await strategies.commit(state, decision, command.now);
    const receipt = receipts?.at(-1);
    if (receipt) return { epoch: decision.reply.epoch, receipt };
  } while (elapsedMs() - started < RETRY_MS);
  const latched = await strategies.latchUnconditionally(
    strategyId,
    latchOf(command),
    killEntry(command, state.latch ? 'kill.reaffirmed' : 'kill.requested'),
    command.now,
  );
  return { epoch: latched.epoch };
}
