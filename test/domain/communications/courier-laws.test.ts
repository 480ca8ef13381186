import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ATTEMPT_LIMITS } from '../../../domain/communications/attempt-limits.ts';
import type { CourierPorts } from '../../../domain/communications/courier.ts';
import { sendMessages } from '../../../domain/communications/send-messages.ts';
import type { Sent } from '../../../domain/ports/message-channels.ts';
import { type CourierWorld, courierWorld, MATRIX, messageOf } from '../../fakes/courier-world.ts';

const CHANNELS = Object.keys(MATRIX.channels);
const kill = messageOf('kill-switch');

const answer: fc.Arbitrary<Sent> = fc.oneof(
  fc.constant<Sent>({ outcome: 'acknowledged', detail: '200' }),
  fc.record({
    outcome: fc.constant('retry' as const),
    detail: fc.constant('500'),
    afterMs: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: undefined }),
  }),
  fc.constant<Sent>({ outcome: 'failed', detail: '404' }),
);
/** What each provider answers, one answer after the other, over and over. */
const providers = fc.dictionary(fc.constantFrom(...CHANNELS), fc.array(answer, { minLength: 1, maxLength: 6 }));

const behave = (world: CourierWorld, answers: Readonly<Record<string, readonly Sent[]>>) => {
  for (const [channel, list] of Object.entries(answers))
    world.channels.providers.set(channel, (_outgoing, count) => list[(count - 1) % list.length] ?? (list[0] as Sent));
};

/** Rounds, a minute apart, until nothing waits; and one more. */
async function untilSettled(world: CourierWorld, over: Partial<CourierPorts> = {}) {
  for (let minute = 0; minute < 120 && (await world.waiting()).length > 0; minute += 1) {
    await world.round([], over).catch(() => undefined);
    world.time.pass(60_000);
  }
  const before = world.channels.sent.length;
  await world.round();
  assert.equal(world.channels.sent.length, before, 'what is settled is left alone');
}

describe('a courier', () => {
  it('never tries more than it may, never again after a yes or a final no, and ends: acknowledged, handed over, or with the alarm', async () => {
    await fc.assert(
      fc.asyncProperty(providers, async (answers) => {
        const world = courierWorld(kill);
        behave(world, answers);

        await untilSettled(world);

        assert.deepEqual(await world.waiting(), []);
        for (const { channel, status, attempts, escalatedTo, severity } of world.deliveries()) {
          assert.ok(attempts.length <= ATTEMPT_LIMITS[severity].tries);
          assert.equal(world.channels.countOf(channel), attempts.length);
          assert.ok(attempts.slice(0, -1).every(({ outcome }) => outcome === 'retry'));
          assert.notEqual(status, 'waiting');
          if (escalatedTo !== undefined) assert.ok(await world.deliveryOver(escalatedTo));
        }
        const lost = world.deliveries().filter(({ status, escalatedTo }) => status === 'failed' && !escalatedTo);
        assert.equal(world.alarms.length, lost.length);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it('sends once, however many couriers come at the same moment and whoever of them wins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, couriers) => {
        const world = courierWorld(kill);
        const { store } = world;
        const records = {
          get: scheduler.scheduleFunction(store.get.bind(store)) as typeof store.get,
          all: scheduler.scheduleFunction(store.all.bind(store)) as typeof store.all,
          replace: scheduler.scheduleFunction(store.replace.bind(store)),
        };
        const send = scheduler.scheduleFunction(world.channels.send.bind(world.channels));
        const ports = { ...world.ports, records, channels: { send }, pause: async () => undefined };

        const rounds = Array.from({ length: couriers }, () => sendMessages([kill.id], ports));
        await scheduler.waitFor(Promise.all(rounds));

        assert.equal(world.channels.sent.length, 3);
        assert.ok(
          world.deliveries().every(({ status, attempts }) => status === 'acknowledged' && attempts.length === 1),
        );
      }),
      { seed: 6, numRuns: 150 },
    );
  });

  it('loses nothing when it dies at any moment: the next one sends at least once, at most once more', async () => {
    for (let survives = 0; survives < 14; survives += 1) {
      const world = courierWorld(kill);

      await world.round([], dyingAfter(survives, world)).catch(() => undefined);
      world.time.pass(10_001);
      await untilSettled(world);

      assert.ok(
        world.deliveries().every(({ status }) => status === 'acknowledged'),
        `after ${survives} calls`,
      );
      for (const channel of ['pager', '#ops', '#risk'])
        assert.ok([1, 2].includes(world.channels.countOf(channel)), `${channel} after ${survives} calls`);
    }
  });

  it('gives up even on what kills every courier that sends it', async () => {
    const world = courierWorld(messageOf('launch-live'));
    const { store, channels } = world;
    const send: typeof channels.send = (outgoing) =>
      outgoing.channel === '#ops' ? Promise.reject(new Error('out of memory')) : channels.send(outgoing);

    await untilSettled(world, { channels: { send } });

    const ops = await world.deliveryOver('#ops', 'launch-live');
    assert.deepEqual([ops?.status, ops?.attempts.length, ops?.escalatedTo], ['failed', 8, 'mail']);
    assert.ok((await store.get('DELIVERY', `${messageOf('launch-live').id}/mail`))?.acknowledgedAt);
  });
});

/** Ports that answer so many calls, then none: whatever comes after is a courier that is not there any more. */
function dyingAfter(calls: number, { store, channels }: CourierWorld): Partial<CourierPorts> {
  let left = calls;
  const alive = () => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
  const get: typeof store.get = async (kind, id) => {
    if (kind === 'DELIVERY') alive();
    return store.get(kind, id);
  };
  return {
    records: {
      get,
      all: store.all.bind(store),
      replace: async (record) => {
        alive();
        return store.replace(record);
      },
    },
    channels: {
      send: async (outgoing) => {
        alive();
        const sent = await channels.send(outgoing);
        alive(); // it has arrived, and the courier never heard of it
        return sent;
      },
    },
  };
}
