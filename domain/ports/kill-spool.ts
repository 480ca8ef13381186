import type { StrategyId } from '../ids.ts';
import type { SpooledKill } from '../kill/spooled-kill.ts';

/**
 * Where kills wait while the store is out of reach, numbered from 0 for each strategy without a gap, each written once. What
 * has been taken into the ledger stays there; `Strategy.spooledKills` says how far that is.
 */
export interface KillSpool {
  /** Puts a kill under the strategy's next free number, and answers that; durable when it returns. */
  put(strategyId: StrategyId, kill: SpooledKill): Promise<number>;
  /** The kill under a number, or nothing when there is none yet. */
  read(strategyId: StrategyId, number: number): Promise<SpooledKill | undefined>;
}
