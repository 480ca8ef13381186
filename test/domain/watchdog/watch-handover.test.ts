import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { alertsOf } from '../../../domain/alert/alert-book.ts';
import type { MonitorFinding } from '../../../domain/monitor/finding.ts';
import { rememberAlerts } from '../../../domain/watchdog/remember-alerts.ts';
import { renewWatch, takeWatch } from '../../../domain/watchdog/take-watch.ts';
import { watch } from '../../../domain/watchdog/watch.ts';
import { newWatchMemory } from '../../../domain/watchdog/watch-memory.ts';
import { anInstance } from '../../fakes/a-sample.ts';
import { type Trouble, watchedWorld } from '../../fakes/watched-world.ts';
import { START, STRATEGY } from '../../fakes/world.ts';
import { isDeep } from '../../is-deep.ts';
import { Dice } from '../ledger/verify/a-random-log.ts';

const RUNS = { seed: 31, numRuns: isDeep ? 1_000 : 40 };
const SECONDS = 8;
const SILENT_FROM_MS = 2_500;
const halt: MonitorFinding = {
  ...{ strategyId: STRATEGY, rule: 'heartbeat', subject: 'executionGateway@btc-momentum-1', level: 'act' },
  ...{ action: 'halt', detail: 'executionGateway has missed three cycles' },
};

/** Two or three invocations that begin when they like, over a store that takes its time, and fails where that is said: before it did what was asked, or after. */
const anyHandover = fc.record({
  starts: fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 2, maxLength: 3 }),
  longestMs: fc.constantFrom(0, 20, 120),
  failing: fc.constantFrom(0, 0, 8),
  seed: fc.nat(),
});
type Handover = typeof anyHandover extends fc.Arbitrary<infer T> ? T : never;

async function handedOver({ starts, longestMs, failing, seed }: Handover) {
  const here = watchedWorld();
  const { time, looks } = here;
  const begun = time.elapsedMs();
  const dice = new Dice(seed);
  const trouble: Trouble = async () => {
    if (longestMs > 0) await time.pause(dice.roll(longestMs));
    const error = new Error('the store is away');
    if (dice.roll(100) >= failing) return {};
    return dice.roll(2) === 0 ? { before: error } : { after: error };
  };
  const invoked = starts.map(async (ms, index) => {
    await time.pause(ms);
    const holder = `invocation-${index + 1}`;
    const ports = here.portsOf(trouble);
    return watch(
      { forSeconds: SECONDS },
      {
        ...ports,
        newId: () => holder,
        judge: ({ state, now }) => {
          looks.push({ at: time.elapsedMs() - begun, holder });
          return state.mode === 'ACTIVE' && now.getTime() - begun >= SILENT_FROM_MS ? [halt] : [];
        },
      },
    );
  });
  const summaries = await time.during(Promise.all(invoked));
  return { ...here, summaries };
}

describe('the watch, handed over', () => {
  it('acts once for one trouble, however many watch and whatever the store does', () =>
    fc.assert(
      fc.asyncProperty(anyHandover, async (handover) => {
        const { store, story, mode, executions, engines } = await handedOver(handover);

        const entered = story().filter((type) => type === 'safe-mode.entered');
        const runs = [...store.records.values()].filter(({ kind }) => kind === 'RUN');
        assert.deepEqual([mode(), entered.length, runs.length], ['SAFE', 1, 1]);
        const started = executions.started.map(({ machine }) => machine);
        assert.ok(
          started.length === 1 || (started.length === 0 && handover.failing > 0),
          'else the health tick starts it',
        );
        assert.equal(store.strategies.get(STRATEGY)?.epoch, 4, 'one halt, one epoch');
        assert.ok(engines.calls.includes('halt btc-momentum-1'));
      }),
      RUNS,
    ));

  it('leaves no second without a look while one of them runs, and one alone looks in the end', () =>
    fc.assert(
      fc.asyncProperty(
        anyHandover.map((each): Handover => ({ ...each, failing: 0 })),
        async (handover) => {
          const { looks, store, summaries } = await handedOver(handover);

          const times = looks.map(({ at }) => at);
          const gaps = times.slice(1).map((at, index) => at - Number(times[index]));
          assert.ok(Math.max(...gaps) <= 1_000 + 8 * handover.longestMs, `${gaps}`);
          const last = await store.get('WATCH', 'watchdog');
          assert.equal(last?.term, handover.starts.length);
          assert.equal(looks.at(-1)?.holder, last?.holder);
          assert.equal(summaries.filter((each) => each.summary.includes('until its time was over')).length, 1);
          assert.ok(times.length <= (4 + SECONDS + 2) * 2, 'no second is looked at by all of them');
        },
      ),
      RUNS,
    ));

  it('halts nothing for a trouble of two seconds that comes back, whenever it is handed over', async () => {
    const here = watchedWorld();
    here.there.leaseAt = (now) => {
      const isTrouble = (now.getTime() - START.getTime()) % 20_000 < 2_500;
      return anInstance({ at: now, telemetry: { flag: isTrouble ? 'unreadable' : 'on' } }).lease;
    };
    const [troubled, quiet] = [41_000, 98_500];
    const watches = [0, troubled, quiet].map(async (ms) => {
      await here.time.pause(ms);
      return watch({ forSeconds: 65 }, here.portsOf());
    });

    await here.time.during(Promise.all(watches));

    assert.deepEqual([here.mode(), here.executions.started, here.engines.calls], ['ACTIVE', [], []]);
    assert.equal((await here.store.get('WATCH', 'watchdog'))?.term, 3);
  });
});

describe('the watch record', () => {
  const held = { id: 'watchdog' as const, holder: 'one', term: 4, at: START.toISOString(), ticks: 7, version: 20 };
  const now = () => START;

  it('goes to whoever takes it over, with the next term, and back to nobody', async () => {
    const { store } = watchedWorld();
    const first = await takeWatch('one', { records: store, now });
    const second = await takeWatch('two', { records: store, now });

    assert.deepEqual([first.term, second.term, second.ticks], [1, 2, 1]);
    assert.equal(await renewWatch(first, { records: store, now }), undefined);
    assert.equal((await renewWatch(second, { records: store, now }))?.ticks, 2);
  });

  it('is known to whoever wrote it without hearing so', async () => {
    const { store } = watchedWorld();
    const taken = await takeWatch('one', { records: store, now });
    const unheard = await renewWatch(taken, { records: store, now });

    assert.deepEqual(await takeWatch('one', { records: store, now }), unheard);
    assert.equal((await renewWatch(taken, { records: store, now }))?.ticks, 3);
  });

  it('is given up, for this tick, where others write first each time', async () => {
    const records = { get: async () => held, replace: async () => false };

    await assert.rejects(takeWatch('two', { records: records as never, now }), /each of 20 times/);
    await assert.rejects(renewWatch(held, { records: records as never, now }), /could not be renewed/);
  });
});

describe('a watch that follows another', () => {
  it('goes on with its alerts, and with how long what they tell of has lasted', () => {
    const memory = newWatchMemory();
    const since = new Date(START.getTime() - 4_000).toISOString();
    const at = START.toISOString();
    const alert = {
      ...{ id: `${STRATEGY}/effective/mode@btc-momentum-1`, strategyId: STRATEGY, rule: 'effective' as const },
      ...{ subject: 'mode@btc-momentum-1', level: 'warn' as const, detail: 'it differs', since, detectedAt: at },
      ...{ openedAt: at, lastAt: at, reached: { since, at }, count: 1, relapses: 0, version: 1 },
    };

    rememberAlerts([alert], memory, START);

    assert.equal(alertsOf(memory.alerts, STRATEGY).length, 1);
    assert.deepEqual([...(memory.standing.get(STRATEGY) ?? [])], [[alert.id, { since, at }]]);

    const quiet = { ...alert, id: 'quiet', goodSince: at };
    const again = { ...alert, id: 'again', foundSince: at };
    rememberAlerts([quiet, again], memory, START);
    assert.deepEqual([...(memory.standing.get(STRATEGY) ?? [])], [['again', { since: at, at }]], 'both began anew');
  });
});
