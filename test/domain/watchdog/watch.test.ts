import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StrategyId } from '../../../domain/ids.ts';
import type { Lease } from '../../../domain/lease/lease.ts';
import type { MonitorAction, MonitorFinding } from '../../../domain/monitor/finding.ts';
import type { BulkStrategies } from '../../../domain/ports/strategies.ts';
import { nextTick } from '../../../domain/watchdog/tick-times.ts';
import { Watch, watch } from '../../../domain/watchdog/watch.ts';
import { anInstance, beats } from '../../fakes/a-sample.ts';
import { jitteryTelemetry } from '../../fakes/jittery-telemetry.ts';
import { type Trouble, watchedWorld } from '../../fakes/watched-world.ts';
import { START, STRATEGY } from '../../fakes/world.ts';

const EUR = StrategyId.parse('eurusd-carry');
const AWAY = new Error('the store is away');

/** Healthy until so many milliseconds after the start; from then on its gateway beats no more, and it goes on reporting. */
const silentFrom =
  (ms: number) =>
  (now: Date): Lease | undefined => {
    const last = new Date(Math.min(now.getTime(), START.getTime() + ms));
    const heartbeats = { ...beats(0, now), executionGateway: last.toISOString() };
    return anInstance({ at: now, report: { heartbeats } }).lease;
  };

const finding = (action: MonitorAction, strategyId = STRATEGY): MonitorFinding => ({
  ...{ strategyId, rule: 'latency', subject: 'p95@btc-momentum-1', level: 'act', action, detail: 'orders are slow' },
});

describe('watch', () => {
  it('halts what has missed three cycles of two seconds within 7.5 s of the last beat, warned and paged before', async () => {
    const here = watchedWorld();
    here.there.leaseAt = silentFrom(1_300);
    let haltedAt = 0;
    const { halt } = here.engines;
    here.engines.halt = (...given) => {
      haltedAt ||= here.time.elapsedMs();
      return halt.apply(here.engines, given);
    };

    await here.watched(12);

    const haltedMs = haltedAt - START.getTime() - 1_300;
    assert.ok(haltedMs >= 6_000 && haltedMs <= 7_500, `${haltedMs}`);
    assert.deepEqual(here.story(), ['alert.opened', 'alert.climbed', 'safe-mode.entered']);
    assert.equal(here.mode(), 'SAFE');
  });

  it('leaves alone for an hour, and sixty handovers, what is healthy and jittery', async () => {
    const here = watchedWorld();
    const engine = jitteryTelemetry({ seed: 11, start: START });
    here.there.leaseAt = (now) => engine.at(now);
    const minutes = Array.from({ length: 60 }, async (_each, minute) => {
      await here.time.pause(minute * 60_000 + ((minute * 7_919) % 900));
      return watch({ forSeconds: 62 }, here.portsOf());
    });

    await here.time.during(Promise.all(minutes));

    assert.equal(here.mode(), 'ACTIVE');
    assert.deepEqual(
      here.story().filter((type) => !type.startsWith('alert.')),
      [],
    );
    const open = [...here.store.records.values()].flatMap((each) => (each.kind === 'ALERT' ? [each.record] : []));
    assert.deepEqual(
      open.filter(({ level }) => level !== 'warn'),
      [],
    );
    assert.ok(here.looks.length >= 3_600 && here.looks.length <= 3_600 + 62, `${here.looks.length} looks`);
    assert.deepEqual(here.faults(), []);
  });

  it('looks at nothing while it cannot write that it does, goes on trying, and goes on looking when the store is back', async () => {
    const here = watchedWorld();
    here.there.leaseAt = silentFrom(0);
    const trouble: Trouble = async (call) =>
      call === 'records.replace' && here.time.elapsedMs() < START.getTime() + 9_500 ? { before: AWAY } : {};

    const { summary } = await here.time.during(watch({ forSeconds: 12 }, here.portsOf(trouble)));

    assert.deepEqual(
      here.looks.map(({ at }) => at - START.getTime()),
      [10_000, 11_000],
    );
    assert.equal(here.mode(), 'SAFE');
    assert.match(summary, /^watched as term 1 until its time was over: 2 ticks, 10 missed$/);
  });

  it('waits for no deed and no strategy: what hangs is begun again under the same name, and told when it fails', async () => {
    const here = watchedWorld();
    here.trades(EUR);
    const began: string[] = [];
    const deeds = {
      ...here.portsOf().deeds,
      halt: ({ commandId }: { commandId: string }) => {
        began.push(commandId);
        return began.length === 1 ? new Promise<never>(() => undefined) : Promise.reject(new Error('no route'));
      },
    };
    const judge = ({ state }: { state: { id: string } }) => {
      here.looks.push({ at: here.time.elapsedMs(), holder: state.id });
      return state.id === STRATEGY ? [finding('halt')] : [];
    };

    const running = watch({ forSeconds: 9 }, { ...here.portsOf(), deeds, judge });
    const { summary } = await here.time.during(running);

    assert.match(summary, /9 ticks$/);
    assert.equal(here.looks.filter(({ holder }) => holder === EUR).length, 9);
    assert.deepEqual(new Set(began).size, 1, 'one name');
    assert.equal(began.length, 4, 'after five seconds, then each second');
    const { record } = here.store.records.get(`ALERT#${STRATEGY}/telemetry/acting halt`) ?? {};
    assert.match(String(Object(record).detail), /could not do what a rule asks for \(halt\): Error: no route/);
  });

  it('tells people of a strategy that cannot be read or judged, and judges the others as ever', async () => {
    const here = watchedWorld();
    const MXN = StrategyId.parse('mxn-carry');
    for (const id of [EUR, MXN]) here.trades(id);
    const { store } = here;
    const isEur = (ids: readonly StrategyId[]) => ids.includes(EUR);
    const broken = new Error('not in order');
    const strategies: BulkStrategies = {
      list: () => store.list(),
      commit: (...given) => store.commit(...given),
      latchUnconditionally: (...given) => store.latchUnconditionally(...given),
      readMany: async (ids) => (isEur(ids) ? Promise.reject(broken) : store.readMany(ids)),
      read: async (id) => (isEur([id]) ? Promise.reject(broken) : store.read(id)),
    };
    const judge = ({ state }: { state: { id: string } }) => {
      if (state.id === MXN) throw new Error('a slip');
      return [finding('throttle')];
    };

    await here.time.during(watch({ forSeconds: 2 }, { ...here.portsOf(), strategies, judge }));

    assert.equal(here.mode(), 'THROTTLED');
    const { record } = here.store.records.get(`ALERT#${MXN}/telemetry/judging`) ?? {};
    assert.deepEqual([Object(record).level, here.store.storyOf(MXN)], ['page', ['alert.opened']]);
    assert.ok(here.faults().includes('alerts could not be written yet'), 'not even that of what cannot be read');
  });

  it('judges nothing of what is off or killed, and ends its alerts', async () => {
    const here = watchedWorld();
    here.there.leaseAt = () => undefined;
    here.trades(STRATEGY, { mode: 'OFF' });

    await here.watched(3);

    assert.deepEqual([here.looks, here.story()], [[], []]);
  });

  it('does not take over before it knows whom to watch, and ends where it never does', async () => {
    const here = watchedWorld();
    const trouble: Trouble = async (call) => (call === 'records.list' ? { before: AWAY } : {});

    const { summary } = await here.time.during(watch({ forSeconds: 3 }, here.portsOf(trouble)));

    assert.equal(summary, 'watched as term none until its time was over: 0 ticks, 3 missed');
    assert.equal(here.store.records.has('WATCH#watchdog'), false);
  });

  it('says without thresholds that nothing can be judged, and learns them as soon as they are there', async () => {
    const here = watchedWorld();
    const monitors = here.store.records.get('MONITORS#monitors') ?? assert.fail('none are registered');
    here.store.records.delete('MONITORS#monitors');
    const trouble: Trouble = async () => {
      if (here.time.elapsedMs() >= START.getTime() + 4_000) here.store.records.set('MONITORS#monitors', monitors);
      return {};
    };

    await here.time.during(watch({ forSeconds: 8 }, here.portsOf(trouble)));

    const { record } = here.store.records.get(`ALERT#${STRATEGY}/telemetry/judging`) ?? {};
    assert.match(String(Object(record).detail), /its thresholds are not known/);
    assert.deepEqual([...new Set(here.looks.map(({ at }) => at - START.getTime()))], [6_000, 7_000]);
  });

  it('leaves the watch to the one before for as long as that looks, while it does not know itself what to judge by', async () => {
    const here = watchedWorld();
    const limits = here.made.evidence.files.get('configs/risk/limits.yaml');
    const before = watch({ forSeconds: 6 }, here.portsOf());
    const after = here.time.pause(2_500).then(() => {
      here.made.evidence.files.delete('configs/risk/limits.yaml');
      return watch({ forSeconds: 14 }, here.portsOf());
    });
    assert.ok(limits);

    const summaries = await here.time.during(Promise.all([before, after]));

    assert.match(summaries[0].summary, /term 1 until its time was over: 6 ticks/);
    assert.match(summaries[1].summary, /term 2 until its time was over: 6 ticks/);
    const { record } = here.store.records.get(`ALERT#${STRATEGY}/limit-use/limits`) ?? {};
    assert.match(String(Object(record).detail), /limits cannot be read/);
  });

  it('judges on by what it read a minute ago where that cannot be read any more', async () => {
    const here = watchedWorld();
    here.there.leaseAt = silentFrom(62_000);
    const trouble: Trouble = async (call) => {
      if (here.time.elapsedMs() < START.getTime() + 30_000) return {};
      here.made.evidence.files.delete('configs/risk/limits.yaml');
      here.store.records.delete('MONITORS#monitors');
      return call === 'records.list' ? { before: AWAY } : {};
    };

    await here.watched(72, here.portsOf(trouble));

    assert.equal(here.mode(), 'SAFE');
    const unread = [...here.store.records.keys()].filter((key) => /telemetry|limits/.test(key));
    assert.deepEqual(unread, []);
  });

  it('takes what only seems to be looked after, by a clock far ahead of ours, though it does not know all yet', async () => {
    const here = watchedWorld();
    here.made.evidence.files.delete('configs/risk/limits.yaml');
    const at = new Date(START.getTime() + 3_600_000).toISOString();
    const record = { id: 'watchdog' as const, holder: 'gone', term: 1, at, ticks: 1, version: 1 };
    here.store.records.set('WATCH#watchdog', { kind: 'WATCH', record });

    assert.match((await here.watched(2)).summary, /^watched as term 2 until its time was over: 2 ticks$/);
  });

  it('goes on without open alerts where they cannot be read, and tries again each minute', async () => {
    const here = watchedWorld();
    const trouble: Trouble = async (call) => (call === 'records.all' ? { before: AWAY } : {});

    await here.time.during(watch({ forSeconds: 62 }, here.portsOf(trouble)));

    assert.deepEqual(
      [here.faults(), here.looks.length],
      [['open alerts could not be read', 'open alerts: this went wrong beside the ticks'], 62],
    );
    assert.ok(here.there.flushes >= 2 && here.there.ticks === 62);
  });

  it('watches for two minutes unless it is told for how long', () => {
    assert.deepEqual(
      [{}, { forSeconds: 3 }, { forSeconds: 1e9 }, 'junk'].map((event) => Watch.parse(event).forSeconds),
      [125, 3, 125, 125],
    );
  });
});

describe('ticks', () => {
  it('stay on the beat of the first, and none is made up for', () => {
    assert.deepEqual([0, 3, 999, 1_000, 1_001, 3_700].map(nextTick), [1_000, 1_000, 1_000, 2_000, 2_000, 4_000]);
  });
});
