import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adoptAlerts } from '../../../domain/alert/adopt-alerts.ts';
import { alertsOf } from '../../../domain/alert/alert-book.ts';
import { RunId, StrategyId } from '../../../domain/ids.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { STRATEGY, stateOf, type World } from '../../fakes/world.ts';
import { finding, storedIn, watching } from './a-watch.ts';

const OTHER = StrategyId.parse('eth-momentum');

const entriesOf = ({ store }: World) =>
  (store.logs.get(STRATEGY) ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));

describe('keepAlerts', () => {
  it('writes alert, entry and message as one, the message with when it began and when it was found', async () => {
    const { made, look } = watching();
    const since = new Date(made.clock.now.getTime() - 500).toISOString();
    const runId = RunId.parse('launch-1');
    made.store.strategies.set(STRATEGY, { ...stateOf(made), run: { id: runId } });

    const { failed } = await look(finding('act', { since }));

    const [entry] = entriesOf(made);
    assert.deepEqual([failed, entry?.type, entry?.actor, entry?.run], [[], 'alert.opened', 'service:watchdog', runId]);
    const { changes: _first, ...payload } = entry?.payload ?? {};
    assert.deepEqual(payload, {
      ...{ alert: `${STRATEGY}/latency/btc-momentum-1`, rule: 'latency', subject: 'btc-momentum-1', level: 'act' },
      ...{ action: 'throttle', detail: 'p95 is 130 ms over 60 s', measured: 130.46, threshold: 120, unit: 'ms' },
      ...{ openedAt: made.clock.now.toISOString(), since, detectedAt: made.clock.now.toISOString(), count: 1 },
    });
    const [message] = messagesIn(made, 'breach');
    assert.deepEqual([message?.at, message?.detectedAt, message?.runId], [since, made.clock.now.toISOString(), runId]);
    assert.deepEqual(
      storedIn(made).map(({ version, level }) => [version, level]),
      [[1, 'act']],
    );
  });

  it('tells a breach of latency in #trading-ops and says that the rate is being lowered (runbook 3.2), and pages with one key for each strategy', async () => {
    const { made, look } = watching();

    await look(finding('act'), finding('page', { rule: 'clock' }));

    const told = toldIn(made, 'breach');
    assert.deepEqual([...new Set(told.map(({ channel }) => channel))], ['#trading-ops', '#risk', 'on-call page']);
    assert.match(
      told[0]?.text ?? '',
      /^Breach at btc-momentum: p95 is 130 ms over 60 s\nWhat happens: its order rate is being lowered \(throttle\)\.\nMeasured 130\.5 ms, threshold 120 ms \(latency of btc-momentum-1\)/u,
    );
    assert.match(told[3]?.text ?? '', /What happens: nothing happens by itself: look at it/u);
    assert.deepEqual(
      told.flatMap(({ page, dedupKey }) => (page ? [[page, dedupKey]] : [])),
      [
        ['trigger', 'btc-momentum/breach'],
        ['trigger', 'btc-momentum/breach'],
      ],
    );
  });

  it('tells warnings in #trading-ops alone, and does not tell one again that comes back soon', async () => {
    const { made, looks } = watching();
    const warning = finding('warn', { measured: undefined, unit: undefined, threshold: 3 } as never);

    await looks(2, warning);
    await looks(31);
    await looks(2, warning);

    assert.deepEqual(
      toldIn(made, 'breach-warning').map(({ channel, page }) => [channel, page]),
      [['#trading-ops', undefined]],
    );
    assert.match(toldIn(made, 'breach-warning')[0]?.text ?? '', /Measured not known, threshold 3 /);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened', 'alert.resolved', 'alert.opened']);
    assert.equal(messagesIn(made, 'breach-resolved').length, 0);
  });

  it('resolves the incident of the pager with the last alert that pages, whatever only warns then', async () => {
    const { made, looks } = watching();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), run: { id: RunId.parse('launch-1') } });
    const [page, act, warn] = [finding('page', { rule: 'clock' }), finding('act'), finding('warn', { rule: 'drift' })];

    await looks(2, page, act, warn);
    await looks(31, act, warn);
    assert.deepEqual(messagesIn(made, 'breach-resolved'), []);
    await looks(31, { ...act, level: 'warn' }, warn);

    const [pager] = toldIn(made, 'breach-resolved').filter(({ via }) => via === 'pagerduty');
    assert.deepEqual([pager?.page, pager?.dedupKey], ['resolve', 'btc-momentum/breach']);
    assert.match(pager?.text ?? '', /Its mode is OFF; .*\nlatency of btc-momentum-1, from .* found 64 times$/su);
    assert.deepEqual(made.store.storyOf(STRATEGY).slice(-2), ['alert.resolved', 'alert.eased']);
    await looks(31);
    assert.equal(messagesIn(made, 'breach-resolved').length, 1);
  });

  it('writes what is worst first, and what is over last', async () => {
    const { made, looks } = watching();
    const [page, warn] = [finding('page', { rule: 'clock' }), finding('warn', { rule: 'drift' })];

    await looks(1, page);
    await looks(29);
    await looks(2, warn, finding('act'));

    assert.deepEqual(made.store.storyOf(STRATEGY).slice(1), ['alert.opened', 'alert.opened', 'alert.resolved']);
  });

  it('lists what is open, and keeps what is over for a while', async () => {
    const { made, looks } = watching();

    await looks(2, finding('page'));
    assert.equal((await made.store.all('ALERT')).length, 1);
    await looks(31);

    assert.deepEqual(await made.store.all('ALERT'), []);
    const [past] = await made.store.list('PASTALERT');
    assert.deepEqual([past?.level, past?.count, typeof past?.resolvedAt], ['page', 2, 'string']);
  });

  it('writes the count of an alert that stands once a minute, beside the log', async () => {
    const { made, looks } = watching();

    await looks(200, finding('act'));

    assert.deepEqual(
      storedIn(made).map(({ count, version }) => [count, version]),
      [[181, 4]],
    );
    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened']);
    assert.equal(messagesIn(made).length, 1);
  });

  it('goes on with the alert of the watch before, and with what the list did not show yet', async () => {
    const before = watching();
    await before.looks(3, finding('act'));
    const [adopting, unaware] = [watching(before.made), watching(before.made)];

    adoptAlerts(await before.made.store.all('ALERT'), adopting.book);
    adoptAlerts(await before.made.store.all('ALERT'), adopting.book);
    await adopting.look(finding('act'));
    await unaware.look(finding('act'));

    assert.deepEqual(before.made.store.storyOf(STRATEGY), ['alert.opened']);
    assert.equal(messagesIn(before.made).length, 1);
    assert.deepEqual([alertsOf(adopting.book, STRATEGY).length, alertsOf(adopting.book, OTHER)], [1, []]);
  });

  it('is over in the end however short a watch is, where it has to be quiet for longer than one lasts', async () => {
    const { made, looks } = watching();
    for (let time = 0; time < 3; time += 1) {
      await looks(2, finding('act'));
      await looks(61);
    }
    await looks(2, finding('act')); // it has relapsed twice: two minutes

    for (let minute = 0; minute < 6; minute += 1) {
      const next = watching(made);
      adoptAlerts(await made.store.all('ALERT'), next.book);
      await next.looks(60, ...(minute < 2 ? [finding('warn')] : []));
    }

    const [open] = await made.store.all('ALERT');
    assert.deepEqual([open, made.store.storyOf(STRATEGY).at(-1)], [undefined, 'alert.resolved']);
  });

  it('tells a level that it climbs to from when that was found', async () => {
    const { made, looks } = watching();

    const since = made.clock.now.toISOString();
    await looks(4, finding('page', { since }));
    await looks(1, finding('act', { since }));

    const [page, act] = messagesIn(made, 'breach');
    const secondsAfter = (time: string | undefined) =>
      (Date.parse(time ?? '') - Date.parse(page?.detectedAt ?? '')) / 1_000;
    assert.deepEqual([secondsAfter(act?.at), secondsAfter(act?.detectedAt)], [3, 4]);
  });

  it('does not open again what it has resolved and the list still shows', async () => {
    const { made, book, looks } = watching();
    await looks(1, finding('act'));
    const stale = await made.store.all('ALERT');
    await looks(32);

    adoptAlerts(stale, book);
    await looks(32);

    assert.deepEqual(made.store.storyOf(STRATEGY), ['alert.opened', 'alert.resolved']);
    assert.deepEqual([alertsOf(book, STRATEGY), await made.store.all('ALERT')], [[], []]);
  });
});
