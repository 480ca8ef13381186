import type { Alert } from '../../../domain/alert/alert.ts';
import { type Restrict, restrict } from '../../../domain/ladder/restrict.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import type { Mode } from '../../../domain/mode.ts';
import { alertId } from '../../../domain/monitor/finding.ts';
import { REGISTRATION, RUN, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

/** A strategy that trades at 4 orders a second, at epoch 3, in the hands of its launch. */
export function aLiveStrategy(): World {
  const made = world();
  made.flags.live = true;
  const state = { ...stateOf(made), mode: 'ACTIVE' as const, epoch: 3, maxOrdersPerSec: 4, run: { id: RUN } };
  made.store.strategies.set(STRATEGY, state);
  return made;
}

/** The alert of a latency that is too high, as the watchdog keeps it. */
export function latencyAlert(made: World, over: Partial<Alert> = {}): Alert {
  const at = made.clock.now.toISOString();
  const found = { strategyId: STRATEGY, rule: 'latency' as const, subject: 'orders' };
  return {
    ...{ ...found, id: alertId(found), level: 'act', action: 'throttle', detail: 'p95 is 131 ms of 120' },
    ...{
      since: at,
      detectedAt: at,
      openedAt: at,
      lastAt: at,
      reached: { since: at, at },
      count: 1,
      relapses: 0,
      version: 1,
    },
    ...over,
  };
}

/** Every instance renews: granted this mode, and saying that it obeys that one. */
export async function renewed(made: World, granted: Mode, reported: string, only?: string): Promise<void> {
  const { epoch } = stateOf(made);
  for (const { instanceId } of REGISTRATION.engines.filter((each) => only === undefined || each.instanceId === only))
    await made.store.put({
      kind: 'LEASE',
      record: {
        ...{ id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, epoch, grantedMode: granted },
        grantedAt: made.clock.now.toISOString(),
        expiresAt: new Date(made.clock.now.getTime() + 5_000).toISOString(),
        report: { mode: reported },
      },
    });
}

let commands = 0;

/** The trader throttles it to one order a second, by a command of its own each time, unless told otherwise. */
export function hold(made: World, over: Partial<Restrict> = {}) {
  commands += 1;
  const commandId = `hold-${commands}`;
  const why = { reason: 'slow venue', actor: trader.subject, causeId: commandId, commandId };
  return restrict({ strategyId: STRATEGY, to: 'THROTTLED', ordersPerSec: 1, ...why, ...over }, made.ports);
}
