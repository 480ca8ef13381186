import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimed } from '../../../domain/communications/attempt.ts';
import { beginRound } from '../../../domain/communications/courier.ts';
import { deliver } from '../../../domain/communications/deliver.ts';
import { Delivery } from '../../../domain/communications/delivery.ts';
import type { VersionedRecord } from '../../../domain/ports/strategies.ts';
import { type CourierWorld, courierWorld, deliveryOf } from '../../fakes/courier-world.ts';
import { acknowledging, down, type Provider, refusing } from '../../fakes/fake-channels.ts';

const draft = deliveryOf('kill-switch', 'pager');
const errand = {
  draft,
  target: { via: 'pagerduty' as const },
  escalation: { channels: ['pager', '#ops'], escalateTo: ['#ops', 'mail'] },
};
const run = (world: CourierWorld, over: object = {}) =>
  world.time.during(deliver(errand, beginRound({ ...world.ports, ...over })));
const stored = async ({ store }: CourierWorld) => Delivery.parse(await store.get('DELIVERY', draft.id));

/** A provider that is so slow that meanwhile the claim runs out and another courier takes the delivery. */
const whileAnotherTakesIt =
  (world: CourierWorld, answer: Provider, then: (taken: Delivery) => Delivery = (taken) => taken): Provider =>
  async (outgoing, count) => {
    if (count === 1) {
      world.time.pass(10_001);
      const taken = then(claimed(await stored(world), true, world.time.now()));
      await world.store.put({ kind: 'DELIVERY', record: taken });
    }
    return answer(outgoing, count);
  };

describe('deliver', () => {
  it('records a yes that comes late, although another courier has sent it again meanwhile', async () => {
    const world = courierWorld();
    world.channels.providers.set('pager', whileAnotherTakesIt(world, acknowledging));

    const { status, attempts } = await run(world);

    assert.deepEqual([status, attempts.map(({ outcome }) => outcome)], ['acknowledged', ['acknowledged', 'retry']]);
    assert.deepEqual(await stored(world), await run(world), 'and nobody sends it a third time');
    assert.equal(world.channels.sent.length, 1);
  });

  it('leaves it to that courier where there was no yes, and where that one is done', async () => {
    const late = courierWorld();
    late.channels.providers.set('pager', whileAnotherTakesIt(late, down));
    assert.equal((await run(late)).attempts.length, 2);
    assert.equal(late.channels.sent.length, 1);

    const done = courierWorld();
    const acknowledge = (taken: Delivery): Delivery => ({ ...taken, status: 'acknowledged' });
    done.channels.providers.set('pager', whileAnotherTakesIt(done, acknowledging, acknowledge));
    assert.equal((await run(done)).status, 'acknowledged');
  });

  it('answers what it knows when the record is gone that it wants to report to', async () => {
    const world = courierWorld();
    world.channels.providers.set('pager', (outgoing, count) => {
      world.store.records.delete(`DELIVERY#${draft.id}`);
      return down(outgoing, count);
    });

    assert.equal((await run(world)).attempts.length, 1);
  });

  it('does not try for ever to record a yes that somebody else writes over each time', async () => {
    const world = courierWorld();
    const { store } = world;
    const replace = async (record: VersionedRecord) =>
      !('claimedUntil' in record.record) ? false : store.replace(record);
    const records = { get: store.get.bind(store), all: store.all.bind(store), replace };

    assert.equal((await run(world, { records })).status, 'waiting');
    assert.equal(world.channels.sent.length, 1);
  });

  it('reads again when somebody else gives it up at the same moment', async () => {
    const world = courierWorld();
    world.channels.providers.set('pager', refusing);
    const { store } = world;
    let losing = 1;
    const replace = async (record: VersionedRecord) => {
      const isEnd = record.kind === 'DELIVERY' && record.record.status === 'failed';
      if (isEnd && losing > 0) {
        losing -= 1;
        await store.replace(record);
        return false;
      }
      return store.replace(record);
    };
    const records = { get: store.get.bind(store), all: store.all.bind(store), replace };

    const { status, escalatedTo } = await run(world, { records });

    assert.deepEqual([status, escalatedTo, world.channels.sent.length], ['failed', 'mail', 1]);
  });

  it('sends nothing once the time of the round is over', async () => {
    const world = courierWorld();

    const delivery = await world.time.during(deliver(errand, beginRound(world.ports, 0)));

    assert.deepEqual([delivery, world.channels.sent], [draft, []]);
  });
});
