import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type Restrict, restrict } from '../../../domain/ladder/restrict.ts';
import { restrictionOf } from '../../../domain/ladder/restriction-of.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Mode } from '../../../domain/mode.ts';
import { Strategy } from '../../../domain/strategy.ts';
import { refusal } from '../../fakes/refusal.ts';
import { risk, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import { aLiveStrategy } from './a-live-strategy.ts';

let made: World;
let commands = 0;
beforeEach(() => {
  made = aLiveStrategy();
});
const asked = (over: Partial<Restrict> = {}): Restrict => {
  commands += 1;
  const commandId = `command-${commands}`;
  const why = { reason: 'slow', actor: trader.subject, causeId: commandId, commandId };
  return { strategyId: STRATEGY, to: 'THROTTLED', ...why, ...over };
};
const throttle = (over: Partial<Restrict> = {}) => restrict(asked(over), made.ports);
const reduce = (over: Partial<Restrict> = {}) => throttle({ to: 'REDUCE_ONLY', ...over });
const alert = { causeId: `${STRATEGY}/latency/orders`, actor: 'service:watchdog' as Restrict['actor'] };
const messages = async () => (await made.store.list('MESSAGE')).map(({ trigger }) => trigger);
const payload = async (type: string) => {
  const page = await made.store.page(STRATEGY as never, { limit: 100, order: 'desc' });
  const entries = page?.entries.map(({ entry }) => entry as { type: string; actor: string; payload: object }) ?? [];
  return entries.find((each) => each.type === type);
};

describe('restrict', () => {
  it('throttles what trades: one entry with rate before and after, told to every engine and to those who trade', async () => {
    const { mode, maxOrdersPerSec, changed, instances, receipt, summary } = await throttle({ ordersPerSec: 1 });

    assert.deepEqual([mode, maxOrdersPerSec, changed, receipt?.log], ['THROTTLED', 1, true, STRATEGY]);
    assert.match(summary, /throttled to 1 orders\/s; approved are 4 orders\/s, which two people restore/);
    const told = ['btc-momentum-1', 'btc-momentum-2'];
    assert.deepEqual(
      instances,
      told.map((instanceId) => ({ instanceId, mode: 'THROTTLED', maxOrdersPerSec: 1 })),
    );
    assert.deepEqual(
      made.engines.calls,
      told.map((each) => `throttle ${each}`),
    );
    const { mode: stands, epoch, maxOrdersPerSec: rate } = stateOf(made);
    assert.deepEqual([stands, epoch, rate], ['THROTTLED', 3, 1], 'fenced by nothing: the engines stay armed');
    assert.deepEqual(made.store.storyOf(STRATEGY), ['strategy.throttled']);
    const entry = await payload('strategy.throttled');
    assert.deepEqual(
      [entry?.actor, Object.keys(entry?.payload ?? {})],
      [trader.subject, ['after', 'approvedOrdersPerSec', 'before', 'cause', 'changes']],
    );
    assert.deepEqual(await messages(), ['restricted']);
  });

  it('takes the share of the approved rate that the thresholds say, half where they cannot be read', async () => {
    const { record } = made.store.records.get('MONITORS#monitors') ?? {};
    const own = { ...Object(record), strategies: { [STRATEGY]: { latency: { throttleTo: 0.25 } } } };
    made.store.records.set('MONITORS#monitors', { kind: 'MONITORS', record: own });
    assert.equal((await throttle()).maxOrdersPerSec, 1);
    made = aLiveStrategy();
    made.store.records.delete('MONITORS#monitors');
    assert.equal((await throttle()).maxOrdersPerSec, 2);
    made = aLiveStrategy();
    const get = made.store.get.bind(made.store);
    made.store.get = async (kind, id) => {
      if (kind === 'MONITORS') throw new Error('it is of another version');
      return get(kind, id);
    };

    assert.equal((await throttle()).maxOrdersPerSec, 2);
  });

  it('only reduces, at the rate that it has, and knows an engine that did not answer', async () => {
    made.engines.unreachable.add('btc-momentum-2');

    const { mode, maxOrdersPerSec, instances } = await reduce();

    assert.deepEqual([mode, maxOrdersPerSec], ['REDUCE_ONLY', 4]);
    assert.deepEqual(made.engines.modes, ['REDUCE_ONLY']);
    assert.deepEqual(instances[1], { instanceId: 'btc-momentum-2', problem: 'btc-momentum-2 did not answer' });
    assert.deepEqual(made.store.storyOf(STRATEGY), ['strategy.reduced']);
  });

  it('lowers a rate further, never raises it, and takes what only reduces for safer than a throttle', async () => {
    const rates = [];
    for (const ordersPerSec of [2, 3, 0.5, 4]) rates.push((await throttle({ ordersPerSec })).maxOrdersPerSec);
    const reduced = await reduce();
    const throttled = await throttle({ ordersPerSec: 0 });

    assert.deepEqual(rates, [2, 2, 0.5, 0.5]);
    assert.deepEqual([reduced.mode, reduced.maxOrdersPerSec], ['REDUCE_ONLY', 0.5]);
    assert.deepEqual([throttled.mode, throttled.maxOrdersPerSec, throttled.changed], ['REDUCE_ONLY', 0, true]);
    assert.equal(restrictionOf(stateOf(made))?.approvedOrdersPerSec, 4);
    assert.equal(restrictionOf(stateOf(made))?.causes.length, 6);
  });

  it('says that nothing is lowered where the rate is no lower, and records who asked', async () => {
    const { mode, changed, summary, instances } = await throttle({ ordersPerSec: 9 });

    assert.deepEqual([mode, changed, instances], ['ACTIVE', false, []]);
    assert.match(summary, /no more than 4 orders\/s already/);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['restriction.requested']);
  });

  it('changes nothing in every mode that trades no new orders, for nobody, and says so', async () => {
    for (const mode of Mode.options.filter((each) => !['ACTIVE', 'THROTTLED', 'REDUCE_ONLY'].includes(each))) {
      made = aLiveStrategy();
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode });
      const said = [await throttle(), await reduce(), await throttle(alert)];

      assert.ok(said.every((each) => !each.changed && each.mode === mode && each.summary.includes(STRATEGY)));
      assert.deepEqual(made.engines.calls, []);
      assert.deepEqual(made.store.storyOf(STRATEGY), ['restriction.requested', 'restriction.requested']);
    }
  });

  it('notes an alert once, however often it comes, writes nothing for it then, and adds other causes', async () => {
    await throttle({ ...alert, commandId: 'alert-1' });
    for (let second = 0; second < 3; second += 1)
      await throttle({ ...alert, commandId: 'alert-1', reason: `${second}` });
    const again = await throttle({ ...alert, commandId: 'alert-2' });
    const more = await throttle({ ordersPerSec: 3 });

    assert.deepEqual([again.changed, more.changed, more.maxOrdersPerSec], [false, false, 2]);
    assert.match(more.summary, /one more reason/);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['strategy.throttled', 'strategy.throttled']);
    assert.equal(restrictionOf(stateOf(made))?.causes.length, 2);
    assert.equal(made.engines.calls.length, 2, 'told once');
  });

  it('gives a repeated command its reply, and restricts again where what it did was lifted', async () => {
    const command = asked({ ordersPerSec: 1 });
    const first = await restrict(command, made.ports);
    const repeat = await restrict(command, made.ports);
    const { restriction: _lifted, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...state, mode: 'ACTIVE', maxOrdersPerSec: 4 });

    const again = await restrict(command, made.ports);

    assert.deepEqual(repeat, { ...first, instances: [] });
    assert.deepEqual([again.changed, again.maxOrdersPerSec, stateOf(made).mode], [true, 1, 'THROTTLED']);
  });

  it('notes a cause again that was lifted with all others, although what came since holds as much back', async () => {
    const slow = { ...alert, commandId: 'alert-1' };
    await throttle(slow);
    const { restriction: _lifted, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...state, mode: 'ACTIVE', maxOrdersPerSec: 4 });
    await throttle();

    const again = await throttle(slow);

    assert.equal(again.changed, false);
    assert.equal(restrictionOf(stateOf(made))?.causes.at(-1)?.id, alert.causeId);
  });

  it('keeps the newest of more causes than there is room for', async () => {
    await throttle({ ordersPerSec: 1 });
    for (let cause = 0; cause < 60; cause += 1) await throttle({ ordersPerSec: 1, causeId: `cause-${cause}` });

    const causes = restrictionOf(stateOf(made))?.causes ?? [];
    assert.deepEqual([causes.length, causes.at(-1)?.id], [50, 'cause-59']);
  });

  it('leaves a strategy that can be read, however long the names of who asks and of the command are', async () => {
    await throttle({ causeId: `${'s'.repeat(128)}/${'k'.repeat(128)}/${digestOf('body')}` });

    assert.deepEqual(Strategy.parse(stateOf(made)), stateOf(made));
  });

  it('ignores the lock of a run, and refuses only what nobody knows', async () => {
    const at = made.clock.now.toISOString();
    const lock = {
      runId: stateOf(made).run?.id as never,
      actor: risk.subject,
      acquiredAt: at,
      expiresAt: '2099-01-01T00:00:00.000Z',
    };
    made.store.strategies.set(STRATEGY, { ...stateOf(made), lock });

    assert.equal((await throttle()).mode, 'THROTTLED');
    await assert.rejects(throttle({ strategyId: 'nothing' as typeof STRATEGY }), refusal('UnknownStrategy'));
  });
});
