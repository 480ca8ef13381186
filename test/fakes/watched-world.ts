import type { StrategyId } from '../../domain/ids.ts';
import type { Lease } from '../../domain/lease/lease.ts';
import { judgeStrategy } from '../../domain/monitor/judge-strategy.ts';
import type { Metric } from '../../domain/ports/metrics.ts';
import type { Strategy } from '../../domain/strategy.ts';
import type { TickPorts } from '../../domain/watchdog/tick.ts';
import { watch } from '../../domain/watchdog/watch.ts';
import { type DeedPorts, watchdogDeeds } from '../../domain/watchdog/watchdog-deeds.ts';
import { anInstance, aSample } from './a-sample.ts';
import { virtualTime } from './virtual-time.ts';
import { REGISTRATION, START, STRATEGY, world } from './world.ts';

/** What may befall a call of the store: before it is done, and after it was, when nobody hears that. */
export type Trouble = (call: string) => Promise<{ readonly before?: Error; readonly after?: Error }>;

/** One strategy that trades with one instance, on a clock of its own, and everything that the watchdog reaches. Its leases are what `leaseAt` says at each look. */
export function watchedWorld() {
  const made = world();
  const time = virtualTime(START);
  const { store } = made;
  const lines: Record<string, unknown>[] = [];
  const measured: { dimensions: Record<string, string>; metrics: readonly Metric[] }[] = [];
  const looks: { at: number; holder: string }[] = [];
  const there = {
    leaseAt: (now: Date): Lease | undefined => anInstance({ at: now }).lease,
    flushes: 0,
    ticks: 0,
    holders: 0,
  };
  const registration = { ...REGISTRATION, engines: REGISTRATION.engines.slice(0, 1) };
  trades(STRATEGY);

  /** As a launch leaves it. */
  function trades(id: StrategyId, state: Partial<Strategy> = {}): void {
    store.strategies.set(id, { ...aSample().state, id, version: 1, ...state });
    store.records.set(`REGISTRATION#${id}`, { kind: 'REGISTRATION', record: { ...registration, id } });
  }

  const beating = async (call: string) => {
    const lease = there.leaseAt(time.now());
    for (const id of call === 'records.getMany' ? store.strategies.keys() : []) {
      const key = `${id}/btc-momentum-1`;
      if (lease) store.records.set(`LEASE#${key}`, { kind: 'LEASE', record: { ...lease, id: key } });
      else store.records.delete(`LEASE#${key}`);
    }
  };

  /** The ports of one invocation. */
  function portsOf(trouble: Trouble = async () => ({})): TickPorts & DeedPorts {
    there.holders += 1;
    const holder = `invocation-${there.holders}`;
    const reached = {
      ...made.ports,
      strategies: unreliable(store, 'strategies', trouble, beating),
      records: unreliable(store, 'records', trouble, beating),
      portfolio: made.evidence,
      metrics: {
        put: (dimensions: Readonly<Record<string, string>>, metrics: readonly Metric[]) =>
          void measured.push({ dimensions, metrics }),
        flush: () => {
          there.flushes += 1;
        },
      },
      ...{ now: time.now, elapsedMs: time.elapsedMs, pause: time.pause },
      newId: () => holder,
      ticked: () => {
        there.ticks += 1;
      },
      log: (line: Readonly<Record<string, unknown>>) => void lines.push(line),
    };
    const judge: TickPorts['judge'] = (sample, settings) => {
      looks.push({ at: time.elapsedMs(), holder });
      return judgeStrategy(sample, settings);
    };
    return { ...reached, judge, deeds: watchdogDeeds(reached) };
  }

  return {
    ...{ made, time, store, lines, measured, looks, there, trades, portsOf },
    engines: made.engines,
    executions: made.executions,
    /** One invocation for so many seconds, alone. */
    watched: (forSeconds: number, over: Partial<TickPorts> = {}) =>
      time.during(watch({ forSeconds }, { ...portsOf(), ...over })),
    /** How often each entry stands in the log of the strategy. */
    story: () => store.storyOf(STRATEGY),
    mode: () => store.strategies.get(STRATEGY)?.mode,
    faults: () => lines.flatMap((line) => (line['outcome'] === 'fault' ? [String(line['message'])] : [])),
  };
}

export type WatchedWorld = ReturnType<typeof watchedWorld>;

/** A port whose calls may fail, or seem to. */
function unreliable<Port extends object>(
  port: Port,
  name: string,
  trouble: Trouble,
  first: (call: string) => Promise<void>,
): Port {
  return new Proxy(port, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        const call = `${name}.${String(member)}`;
        const { before, after } = await trouble(call);
        if (before) throw before;
        await first(call);
        const answer: unknown = await value.apply(target, given);
        if (after) throw after;
        return answer;
      };
    },
  });
}
