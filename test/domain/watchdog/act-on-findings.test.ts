import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StrategyId } from '../../../domain/ids.ts';
import { Mode } from '../../../domain/mode.ts';
import { MonitorAction, type MonitorFinding } from '../../../domain/monitor/finding.ts';
import type { Sample } from '../../../domain/monitor/sample.ts';
import { actOnFindings, type DeedBook, failedDeeds } from '../../../domain/watchdog/act-on-findings.ts';
import { newBackground } from '../../../domain/watchdog/background.ts';
import { chooseActions } from '../../../domain/watchdog/choose-actions.ts';
import type { Deeds, Ordered } from '../../../domain/watchdog/deeds.ts';
import { watch } from '../../../domain/watchdog/watch.ts';
import { anInstance, aSample, position } from '../../fakes/a-sample.ts';
import { watchedWorld } from '../../fakes/watched-world.ts';
import { START, STRATEGY } from '../../fakes/world.ts';

const asks = (action: MonitorAction, more: Partial<MonitorFinding> = {}): MonitorFinding => ({
  ...{ strategyId: STRATEGY, rule: 'latency', subject: action, level: 'act', action, detail: 'it is slow' },
  ...more,
});
const chosen = (mode: Mode, ...actions: MonitorAction[]) =>
  chooseActions(
    aSample({ state: { mode } }).state,
    actions.map((action) => asks(action)),
  ).map(({ action }) => action);

describe('chooseActions', () => {
  it('takes the strongest alone where that ends trading, and else each once: none of those replaces another', () => {
    assert.deepEqual(chosen('ACTIVE', 'throttle', 'halt', 'kill', 'safe-mode'), ['kill']);
    assert.deepEqual(chosen('ACTIVE', 'throttle', 'reduce-only', 'venue-instability', 'throttle'), [
      'reduce-only',
      'venue-instability',
      'throttle',
    ]);
    assert.deepEqual(chooseActions(aSample().state, [asks('halt', { level: 'page' })]), []);
  });

  it('asks for nothing that is in force: the table of all modes', () => {
    const all = MonitorAction.options;
    const of = (mode: Mode) => all.filter((action) => chosen(mode, action).length > 0);

    assert.deepEqual(Object.fromEntries(Mode.options.map((mode) => [mode, of(mode)])), {
      ...{ OFF: ['kill'], LAUNCHING: ['kill'], SAFE: ['kill'], KILLED: [] },
      ...{ ACTIVE: all, THROTTLED: all, REDUCE_ONLY: all },
      STOPPING: ['safe-mode', 'halt', 'kill'],
    });
  });
});

describe('actOnFindings', () => {
  const done: string[] = [];
  const deeds = Object.fromEntries(
    MonitorAction.options.map((action) => [
      action,
      async ({ commandId }: Ordered) => {
        done.push(commandId);
        return { changed: true };
      },
    ]),
  ) as Deeds;
  const clock = { ms: 0 };
  const ports = { deeds, elapsedMs: () => clock.ms, log: () => undefined };

  it('does a thing once, and again only when it is still asked for after a while, or at another epoch', async () => {
    const book: DeedBook = new Map();
    const at = async (ms: number, epoch = 3) => {
      clock.ms = ms;
      await Promise.all(actOnFindings(aSample({ state: { epoch } }), [asks('throttle')], book, ports));
      return done.splice(0).length;
    };

    assert.deepEqual([await at(0), await at(1_000), await at(10_000), await at(10_001)], [1, 0, 0, 1]);
    assert.deepEqual([await at(11_000, 4), await at(12_000, 4)], [1, 0]);
  });

  it('names what it does after the alert and the epoch, so that everybody names the same', async () => {
    await Promise.all(actOnFindings(aSample(), [asks('halt')], new Map(), ports));

    assert.deepEqual(done.splice(0), [`watchdog/${STRATEGY}/latency/halt/halt@3`]);
  });

  it('forgets that something failed once nothing asks for it any more', async () => {
    const book: DeedBook = new Map();
    const failing = { ...ports, deeds: { ...deeds, throttle: () => Promise.reject(new Error('no')) } };
    await Promise.all(actOnFindings(aSample(), [asks('throttle')], book, failing));
    assert.deepEqual(
      failedDeeds(STRATEGY, book).map(({ subject, level }) => [subject, level]),
      [['acting throttle', 'page']],
    );

    assert.deepEqual(actOnFindings(aSample(), [], book, failing), []);

    assert.deepEqual([failedDeeds(STRATEGY, book), book.size], [[], 0]);
  });
});

describe('what goes on beside the ticks', () => {
  it('is told of when it fails, and is waited for at the end', async () => {
    const faults: string[] = [];
    const background = newBackground((what, fault) => void faults.push(`${what}: ${String(fault)}`));

    background.add('a deed', Promise.reject(new Error('no')));
    await background.ended();

    assert.deepEqual(faults, ['a deed: Error: no']);
  });

  it('reads portfolio targets of engines that tell none, and opens a review of what drifts from them', async () => {
    const here = watchedWorld();
    const held = { report: { positions: [position(3)] } };
    here.there.leaseAt = (now) => anInstance({ at: now, ...held, telemetry: { targets: undefined } }).lease;
    const targets = { strategy: STRATEGY, at: START.toISOString(), targets: [{ instrument: 'BTC-PERP', quantity: 1 }] };
    here.made.evidence.files.set(`portfolio/targets/${STRATEGY}.json`, Buffer.from(JSON.stringify(targets)));

    await here.watched(12);

    const reviews = [...here.store.records.values()].flatMap((each) => (each.kind === 'DRIFT' ? [each.record] : []));
    assert.deepEqual(
      reviews.map(({ status, lines }) => [status, lines.map(({ live, target }) => [live, target])]),
      [['open', [[3, 1]]]],
    );
    assert.ok(here.measured.some(({ metrics }) => metrics.some(({ name }) => name === 'DriftMax')));
  });

  it('keeps the targets that were read where those of now are not in order, or of another strategy', async () => {
    const here = watchedWorld();
    here.there.leaseAt = (now) => anInstance({ at: now, telemetry: { targets: undefined } }).lease;
    let known: unknown;
    const judge = ({ targets, now }: Sample) => {
      known = targets?.strategy;
      const strategy = now.getTime() - START.getTime() < 30_000 ? STRATEGY : 'eurusd-carry';
      const file = { strategy, at: START.toISOString(), targets: [] };
      here.made.evidence.files.set(`portfolio/targets/${STRATEGY}.json`, Buffer.from(JSON.stringify(file)));
      return [];
    };

    await here.watched(65, { judge });

    assert.deepEqual([here.faults(), known], [['targets could not be read'], STRATEGY]);
  });

  it('knows the newest review of each strategy from the start, and opens no second one', async () => {
    const here = watchedWorld();
    const held = { report: { positions: [position(3)] } };
    here.there.leaseAt = (now) => anInstance({ at: now, ...held, telemetry: { targets: [] } }).lease;

    await here.watched(12);
    await here.watched(12);

    assert.equal(here.story().filter((type) => type === 'drift.opened').length, 1);
  });

  it('opens no review while nobody knows which stand, says so, and goes on once they are known', async () => {
    const here = watchedWorld();
    const held = { report: { positions: [position(3)] } };
    here.there.leaseAt = (now) => anInstance({ at: now, ...held, telemetry: { targets: [] } }).lease;
    await here.watched(12);
    const { records } = here.portsOf();
    const list: typeof records.list = (kind, options) =>
      kind === 'DRIFT' && !isBack ? Promise.reject(new Error('not in order')) : records.list(kind, options);
    const torn = new Proxy(records, { get: (_all, name) => (name === 'list' ? list : Reflect.get(records, name)) });
    let isBack = false;

    await here.watched(12, { records: torn });
    const said = here.store.records.get(`ALERT#${STRATEGY}/telemetry/judging drift`)?.record;
    isBack = true;
    await here.watched(12, { records: torn });

    assert.match(String(Object(said).detail), /drift reviews could not be read/);
    assert.ok(here.faults().includes('drift reviews: this went wrong beside the ticks'));
    assert.equal(here.story().filter((type) => type === 'drift.opened').length, 1);
  });

  it('keeps in mind the review of a strategy that cannot be looked at', async () => {
    const here = watchedWorld();
    const held = { report: { positions: [position(3)] } };
    here.there.leaseAt = (now) => anInstance({ at: now, ...held, telemetry: { targets: [] } }).lease;
    await here.watched(12);
    const told: unknown[] = [];
    const ports = here.portsOf(async (call) =>
      call.startsWith('strategies.read') &&
      here.time.elapsedMs() - from >= 9_500 &&
      here.time.elapsedMs() - from < 12_500
        ? { before: new Error('away') }
        : {},
    );
    const from = here.time.elapsedMs();

    await here.watched(16, {
      ...ports,
      judge: ({ drift }) => {
        told.push(drift?.status);
        return [];
      },
    });

    assert.deepEqual([told.length, new Set(told)], [13, new Set(['open'])]);
  });

  it('measures what can be measured: one strategy that cannot is said in the log, and there need be no targets', async () => {
    const here = watchedWorld();
    const MXN = StrategyId.parse('mxn-carry');
    here.trades(MXN);
    here.there.leaseAt = (now) => anInstance({ at: now, telemetry: { targets: undefined } }).lease;
    const ports = here.portsOf();
    const put = (dimensions: Readonly<Record<string, string>>) => {
      if (dimensions['Strategy'] === MXN) throw new Error('no number');
      here.measured.push({ dimensions: { ...dimensions }, metrics: [] });
    };

    await here.time.during(watch({ forSeconds: 7 }, { ...ports, metrics: { ...ports.metrics, put } }));

    assert.deepEqual(here.faults(), ['it could not be measured']);
    assert.deepEqual(new Set(here.measured.map(({ dimensions }) => dimensions['Strategy'])), new Set([STRATEGY]));
  });

  it('keeps no drift review and measures nothing without thresholds', async () => {
    const here = watchedWorld();
    here.store.records.delete('MONITORS#monitors');

    await here.watched(12);

    assert.ok(here.faults().includes('a drift review could not be kept'));
    assert.deepEqual(here.measured, []);
  });
});

describe('the deeds of the watchdog', () => {
  const doneFor = async (action: MonitorAction, more: Partial<MonitorFinding> = {}) => {
    const here = watchedWorld();
    const judge = () => [asks(action, more)];
    await here.time.during(watch({ forSeconds: 2 }, { ...here.portsOf(), judge }));
    return here;
  };

  it('throttle, reduce and open a venue incident while it goes on trading, for the alert that asked', async () => {
    const throttled = await doneFor('throttle');
    assert.deepEqual([throttled.mode(), throttled.engines.calls], ['THROTTLED', ['throttle btc-momentum-1']]);
    const { restriction } = throttled.store.strategies.get(STRATEGY) ?? {};
    assert.deepEqual(
      restriction?.causes.map(({ id, by }) => [id, by]),
      [[`${STRATEGY}/latency/throttle`, 'service:watchdog']],
    );

    assert.equal((await doneFor('reduce-only')).mode(), 'REDUCE_ONLY');

    for (const venue of [undefined, 'XSIM']) {
      const unstable = await doneFor('venue-instability', venue ? { venue } : {});
      assert.deepEqual(
        unstable.executions.started.map(({ machine }) => machine),
        ['venue-instability'],
      );
    }
  });

  it('take into safe mode for the cause of the rule, and kill with the signature of the service', async () => {
    const causeOf = async (action: MonitorAction, rule: MonitorFinding['rule']) =>
      (await doneFor(action, { rule })).store.strategies.get(STRATEGY)?.safeMode?.cause;
    assert.deepEqual(
      [
        await causeOf('safe-mode', 'heartbeat'),
        await causeOf('halt', 'heartbeat'),
        await causeOf('halt', 'risk-telemetry'),
        await causeOf('halt', 'effective'),
      ],
      ['market-data', 'heartbeat', 'risk-telemetry', 'effective'],
    );

    const killed = await doneFor('kill');
    const { mode, latch } = killed.store.strategies.get(STRATEGY) ?? {};
    assert.deepEqual([mode, latch?.initiatedBy, latch?.reason], ['KILLED', 'service:watchdog', 'it is slow']);
    assert.equal(killed.story().filter((type) => type === 'kill.requested').length, 1);
  });
});
