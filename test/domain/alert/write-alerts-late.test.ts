import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Alert } from '../../../domain/alert/alert.ts';
import { compareFindings } from '../../../domain/alert/compare-findings.ts';
import { holdMs } from '../../../domain/alert/hold-ms.ts';
import type { AlertPorts } from '../../../domain/alert/keep-alerts.ts';
import { keepAlerts } from '../../../domain/alert/keep-alerts.ts';
import { AlertsQuery, listAlerts } from '../../../domain/alert/list-alerts.ts';
import { noteFindings } from '../../../domain/alert/note-findings.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { MonitorAction, MonitorLevel } from '../../../domain/monitor/finding.ts';
import { register } from '../../fakes/desks.ts';
import { messagesIn } from '../../fakes/told.ts';
import { STRATEGY, world } from '../../fakes/world.ts';
import { finding, SETTINGS, storedIn, watching } from './a-watch.ts';

const OTHER = StrategyId.parse('eth-momentum');

describe('an alert that cannot be written', () => {
  it('is decided afresh when others change the strategy, and waits for the next look when they always come first', async () => {
    const { made, look } = watching();
    made.store.losing = 2;
    assert.deepEqual((await look(finding('act'))).failed, []);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened']);

    made.store.losing = 3;
    const { failed } = await look(finding('page', { rule: 'clock' }));
    await look();

    assert.deepEqual(failed, [{ strategyId: STRATEGY, why: 'it is being changed by others' }]);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened', 'alert.opened']);
  });

  it('is told once by two watches that look at the same time', async () => {
    const made = world();
    const [one, other] = [watching(made), watching(made)];

    await Promise.all([one.look(finding('act')), other.look(finding('act'))]);

    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened']);
    assert.equal(messagesIn(made, 'breach').length, 1);
  });

  it('holds up no other strategy, and is not begun again while it hangs', async () => {
    const made = world();
    register(made, OTHER, 'crypto', ['XSIM']);
    let asked = 0;
    const strategies: AlertPorts['strategies'] = {
      read: (id) => made.store.read(id),
      commit: (before, decision, at) => {
        if (before.id === OTHER) return made.store.commit(before, decision, at);
        asked += 1;
        return new Promise(() => undefined);
      },
    };
    const { look } = watching(made, { ...made.ports, strategies });
    const both = [finding('act'), finding('act', { strategyId: OTHER })];

    void look(...both);
    const { failed } = await look(...both);

    assert.deepEqual([asked, failed, made.store.storyOf(OTHER)], [1, [], ['alert.opened']]);
  });

  it('is tried again at the next look after a fault, which is told', async () => {
    const made = world();
    let faults = 1;
    const get: AlertPorts['records']['get'] = async (kind, id) => {
      faults -= 1;
      if (faults >= 0) throw new Error('the store is away');
      return made.store.get(kind, id);
    };
    const { look } = watching(made, {
      ...made.ports,
      records: { get, replace: (record) => made.store.replace(record) },
    });

    assert.deepEqual((await look(finding('page'))).failed, [{ strategyId: STRATEGY, why: 'Error: the store is away' }]);
    await look();

    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened']);
    const [open] = await listAlerts(AlertsQuery.parse({ strategy: STRATEGY }), made.ports);
    assert.equal(open?.level, 'page');
  });

  it('is told even when it is over before it could be written, and that it is over right after', async () => {
    const { made, look, looks } = watching();
    made.store.losing = 3 * 40;

    await look(finding('page'));
    await looks(39);
    await looks(2);

    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened', 'alert.resolved']);
    assert.deepEqual([messagesIn(made, 'breach').length, messagesIn(made, 'breach-resolved').length], [1, 1]);
    assert.equal((await listAlerts(AlertsQuery.parse({ state: 'resolved' }), made.ports)).length, 1);
  });

  it('is nothing where the strategy is not there any more, and is written in parts where there are many', async () => {
    const { made, book, look } = watching();
    const many = Array.from({ length: 30 }, (_, index) => finding('act', { subject: `instance-${index}` }));

    await look(...many);
    assert.equal(storedIn(made).length, 12);
    await look(...many);
    await look(...many);
    assert.equal(storedIn(made).length, 30);
    for (let index = 0; index < 35; index += 1) await look();
    assert.equal((await made.store.list('PASTALERT')).length, 30);
    assert.equal(messagesIn(made, 'breach-resolved').length, 1);

    made.store.strategies.delete(STRATEGY);
    noteFindings([{ state: { id: OTHER }, findings: [finding('act')], settings: SETTINGS }], book, made.clock.now);
    assert.deepEqual((await keepAlerts([], book, made.ports)).failed, []);
  });

  it('is nothing where a look meanwhile has found that it need not be known', async () => {
    const { made, book } = watching();
    const get: AlertPorts['records']['get'] = async (kind, id) => {
      book.pages.clear();
      return made.store.get(kind, id);
    };
    noteFindings([{ state: { id: STRATEGY }, findings: [finding('act')], settings: SETTINGS }], book, made.clock.now);

    const { failed } = await keepAlerts([], book, { ...made.ports, records: { ...made.ports.records, get } });

    assert.deepEqual([failed, made.store.storyOf(STRATEGY)], [[], []]);
  });
});

describe('listAlerts', () => {
  it('shows the worst that stands first, and what ended last first', async () => {
    const { made, looks } = watching();
    const rules = async (state: 'open' | 'resolved') =>
      (await listAlerts(AlertsQuery.parse({ state }), made.ports)).map(({ rule }) => rule);

    await looks(2, finding('warn', { rule: 'drift' }), finding('page', { rule: 'clock' }));
    await looks(2, finding('page', { rule: 'clock' }), finding('act'), finding('warn', { rule: 'venue' }));
    assert.deepEqual(await rules('open'), ['latency', 'clock', 'venue', 'drift']);
    await looks(29, finding('act'));
    await looks(31);

    assert.deepEqual([await rules('open'), (await rules('resolved'))[0]], [[], 'latency']);
    assert.equal((await rules('resolved')).at(-1), 'drift');
    assert.ok(storedIn(made).every((each) => Alert.parse(each).resolvedAt !== undefined));
  });
});

describe('holdMs', () => {
  it('doubles with each relapse up to five minutes, and is never shorter than what was agreed', () => {
    const seconds = (relapses: number, resolveAfterSeconds = 30) =>
      holdMs({ relapses }, { ...SETTINGS, resolveAfterSeconds }) / 1_000;

    assert.deepEqual([seconds(0), seconds(1), seconds(2), seconds(20), seconds(3, 400)], [30, 60, 120, 300, 400]);
  });
});

describe('compareFindings', () => {
  it('goes by level first, then by what is done, and takes what asks for nothing for the mildest', () => {
    const order = [
      ...MonitorLevel.options.slice(0, 2).map((each) => ({ level: each })),
      { level: 'act' as const },
      ...MonitorAction.options.map((action) => ({ level: 'act' as const, action })),
    ];

    assert.deepEqual(order.toReversed().toSorted(compareFindings), order);
  });
});
