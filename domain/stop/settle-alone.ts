import { type Changed, change, readRegistration, readStrategy } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { ActorId, StrategyId } from '../ids.ts';
import { isLive } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';

const DEADLINE_MS = 10_000;

export type SettleAlone = { strategyId: StrategyId; actor: ActorId; key: string };

/** Runbook 4.4 on its own (`tradepulse-cli settle`): flushes what is left of a strategy that no longer trades. Refuses while it may trade, or while orders rest at a venue. */
export async function settleAlone(
  { strategyId, actor, key }: SettleAlone,
  ports: Pick<Ports, 'strategies' | 'records' | 'engines' | 'venues' | 'now' | 'jitter'>,
): Promise<Changed<{ settlement: unknown; summary: string }>> {
  const [state, registration] = await Promise.all([
    readStrategy(strategyId, ports),
    readRegistration(strategyId, ports),
  ]);
  if (isLive(state.mode) || state.mode === 'LAUNCHING') {
    throw new Refusal('StrategyNotOff', `${strategyId} is ${state.mode}`, 'stop it: a stop settles by itself', {
      mode: state.mode,
    });
  }
  const resting = await Promise.all(registration.venues.map((venue) => ports.venues.openOrders(venue, strategyId)));
  if (resting.flat().length > 0)
    throw new Refusal(
      'OrdersResting',
      `${resting.flat().length} orders still rest`,
      'wait until they are gone, or kill the strategy',
      { orders: resting.flat().length },
    );
  const order = { strategyId, epoch: state.epoch, commandId: key };
  const settlement = await Promise.all(
    enginesOf(registration).map((instance) => ports.engines.settle(instance, order, { deadlineMs: DEADLINE_MS })),
  );
  return change(
    strategyId,
    { key, body: { settle: strategyId } },
    (now) => ({
      state: now,
      entries: [{ type: 'strategy.settled', actor, payload: { settlement } }],
      reply: { settlement, summary: `${settlement.length} instances of ${strategyId} settled` },
    }),
    ports,
  );
}
