import { LogId } from '../../domain/ledger/ledger-entry.ts';
import { shippedMonitors } from './shipped-monitors.ts';
import { START, STRATEGY, stateOf, trader, type World, world } from './world.ts';

/** A world with one strategy that trades and a control plane that is well: watched, swept, signed, with thresholds. */
export async function healthyWorld(): Promise<World> {
  const made = world();
  const at = START.toISOString();
  const desk = LogId.parse('desk');
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });
  await made.store.append(desk, [{ type: 'strategy.registered', actor: trader.subject, payload: {} }], START);
  await made.store.put({ kind: 'CHECKPOINT', record: { id: desk, size: 1, at } });
  await made.store.put({ kind: 'TICK', record: { id: 'health', at } });
  await made.store.put({ kind: 'MONITORS', record: shippedMonitors() });
  const watch = { id: 'watchdog' as const, holder: 'watch-1', term: 1, at, ticks: 1, version: 1 };
  await made.store.put({ kind: 'WATCH', record: watch });
  return made;
}
