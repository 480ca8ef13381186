import type { StrategyId } from '../../domain/ids.ts';
import type { KillSpool } from '../../domain/ports/kill-spool.ts';

const TRUSTED_MS = 1_000;

/**
 * A spool that does not ask again within a second where nothing was found: leases of many instances ask each second. Counted
 * from before the question was sent, so that nobody trusts it longer. Nothing but a plain "none" is remembered.
 */
export function rememberingSpool(spool: KillSpool, elapsedMs: () => number): KillSpool {
  const foundNone = new Map<StrategyId, { number: number; askedAt: number }>();
  return {
    put(strategyId, kill) {
      foundNone.delete(strategyId);
      return spool.put(strategyId, kill);
    },
    async read(strategyId, number) {
      const known = foundNone.get(strategyId);
      const askedAt = elapsedMs();
      if (known?.number === number && askedAt - known.askedAt < TRUSTED_MS) return undefined;
      const found = await spool.read(strategyId, number);
      if (found) foundNone.delete(strategyId);
      else foundNone.set(strategyId, { number, askedAt });
      return found;
    },
  };
}
