import type { StrategyId } from '../../domain/ids.ts';
import type { SpooledKill } from '../../domain/kill/spooled-kill.ts';
import type { KillSpool } from '../../domain/ports/kill-spool.ts';

/** The spool in memory. */
export class FakeSpool implements KillSpool {
  readonly kills = new Map<StrategyId, SpooledKill[]>();

  async put(strategyId: StrategyId, kill: SpooledKill): Promise<number> {
    const before = this.kills.get(strategyId) ?? [];
    this.kills.set(strategyId, [...before, structuredClone(kill)]);
    return before.length;
  }

  async read(strategyId: StrategyId, number: number): Promise<SpooledKill | undefined> {
    return structuredClone(this.kills.get(strategyId)?.[number]);
  }
}
