import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { insist } from './insist.ts';
import type { Accounts } from './settle-books.ts';

const DEADLINE_MS = 8_000;

/** Of a flush: the strategy, the epoch it is ordered at, and the name of the command, which makes a repeat the same command. */
export type Flush = { readonly strategyId: StrategyId; readonly epoch: number; readonly commandId: string };

/**
 * Runbook 4.4: every instance flushes its residual state and reports what is left; then every venue is asked for its own account and for what
 * rests. Whoever does not answer after three tries (half a minute at the longest) is in the accounts as that: nobody holds up the end of trading.
 */
export async function flushAndAsk(
  { strategyId, epoch, commandId }: Flush,
  ports: Pick<Ports, 'records' | 'engines' | 'venues' | 'jitter'>,
  tries?: number,
): Promise<Accounts> {
  const registration = await readRegistration(strategyId, ports);
  const order = { strategyId, epoch, commandId };
  const engines = await Promise.all(
    enginesOf(registration).map(async (instance) => ({
      instanceId: instance.instanceId,
      settled: await insist(() => ports.engines.settle(instance, order, { deadlineMs: DEADLINE_MS }), ports, tries),
    })),
  );
  const venues = await Promise.all(
    registration.venues.map(async (venue) => ({
      venue: venue.id,
      resting: await insist(() => ports.venues.openOrders(venue, strategyId), ports, tries),
      account: await insist(() => ports.venues.account(venue, strategyId), ports, tries),
    })),
  );
  return { engines, venues };
}
