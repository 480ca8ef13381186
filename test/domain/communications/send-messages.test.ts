import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessagesWaiting } from '../../../domain/communications/send-messages.ts';
import { courierWorld, MATRIX, messageOf } from '../../fakes/courier-world.ts';
import { down, from, limiting, refusing, slow } from '../../fakes/fake-channels.ts';
import { START } from '../../fakes/world.ts';

const kill = messageOf('kill-switch');

describe('sendMessages', () => {
  it('hands a message to every channel of its row at once, and records when it happened, was known, sent and acknowledged', async () => {
    const world = courierWorld({ ...kill, detectedAt: '2026-11-24T12:00:00.100Z' });
    world.time.pass(400);

    assert.equal((await world.round()).summary, '1 messages settled, 0 wait');

    assert.deepEqual(world.channels.sent.map(({ channel }) => channel).sort(), ['#ops', '#risk', 'pager']);
    for (const delivery of world.deliveries()) {
      const { status, at, detectedAt, sentAt, acknowledgedAt, attempts, claimedUntil } = delivery;
      assert.deepEqual(
        [status, at, detectedAt, sentAt, acknowledgedAt],
        ['acknowledged', START.toISOString(), '2026-11-24T12:00:00.100Z', ...Array(2).fill('2026-11-24T12:00:00.400Z')],
      );
      assert.deepEqual([attempts.map(({ outcome }) => outcome), claimedUntil], [['acknowledged'], undefined]);
    }
    assert.deepEqual(await world.waiting(), []);
  });

  it('sends nothing twice: not to a second event, not to the sweep, not when a step repeats its announcement', async () => {
    const world = courierWorld(kill);
    await world.round([kill.id]);

    await world.round([kill.id]);
    await world.store.put({ kind: 'MESSAGE', record: kill });
    await world.round();

    assert.equal(world.channels.sent.length, 3);
    assert.deepEqual(await world.waiting(), []);
  });

  it('tries again what a provider could not take, and the others are long told', async () => {
    const world = courierWorld(kill);
    world.channels.providers.set('pager', from(3));

    await world.round();

    const pager = await world.deliveryOver('pager');
    assert.deepEqual(
      pager?.attempts.map(({ at, outcome }) => [Date.parse(at) - START.getTime(), outcome]),
      [
        [0, 'retry'],
        [500, 'retry'],
        [1500, 'acknowledged'],
      ],
    );
    assert.equal(pager?.sentAt, '2026-11-24T12:00:01.500Z', 'the try that was acknowledged');
    assert.equal((await world.deliveryOver('#ops'))?.acknowledgedAt, START.toISOString());
  });

  it('hands over to the next channel what a provider refuses for good, and says so on both', async () => {
    const world = courierWorld(kill);
    world.channels.providers.set('pager', refusing);

    await world.round();

    const pager = await world.deliveryOver('pager');
    assert.deepEqual([pager?.status, pager?.attempts.length, pager?.escalatedTo], ['failed', 1, 'mail']);
    const mail = await world.deliveryOver('mail');
    assert.deepEqual([mail?.status, mail?.escalatedFrom, mail?.via], ['acknowledged', 'pager', 'email']);
    assert.deepEqual(world.alarms, []);
    assert.deepEqual(await world.waiting(), []);
  });

  it('hands over to one channel once, and not three times, when three fail together', async () => {
    const world = courierWorld(kill);
    for (const channel of ['pager', '#ops', '#risk']) world.channels.providers.set(channel, refusing);

    await world.round();

    assert.ok(world.deliveries().every(({ escalatedTo, channel }) => escalatedTo === 'mail' || channel === 'mail'));
    assert.deepEqual([world.channels.countOf('mail'), world.channels.countOf('other mail'), world.alarms], [1, 0, []]);
  });

  it('raises the alarm where no channel is left, names the channel and why, and still settles', async () => {
    const world = courierWorld(messageOf('launch-start'));
    world.channels.providers.set('#ops', refusing);

    await world.round();

    assert.deepEqual(world.alarms, ['#ops was not told of launch-start: 404: no such channel']);
    assert.deepEqual(await world.waiting(), []);
  });

  it('goes down the whole list when every channel is down, within minutes, and ends', async () => {
    const world = courierWorld(kill);
    for (const channel of ['pager', '#ops', '#risk', 'mail', 'other mail']) world.channels.providers.set(channel, down);

    for (let minute = 0; minute < 10 && (await world.waiting()).length > 0; minute += 1) {
      await world.round();
      world.time.pass(60_000);
    }

    assert.deepEqual(await world.waiting(), []);
    assert.ok(world.deliveries().every(({ status, attempts }) => status === 'failed' && attempts.length <= 5));
    assert.ok(world.alarms.length >= 1);
  });

  it('leaves to the sweep what wants to be left alone for longer than its round, and takes it up then', async () => {
    const world = courierWorld(kill);
    world.channels.providers.set('#ops', from(2, limiting(45_000)));

    assert.equal((await world.round()).summary, '0 messages settled, 1 wait');
    assert.equal(world.channels.countOf('#ops'), 1);
    world.time.pass(45_000);
    await world.round();

    assert.equal((await world.deliveryOver('#ops'))?.status, 'acknowledged');
    assert.deepEqual(await world.waiting(), []);
  });

  it('waits within a round for a try that is due soon', async () => {
    const world = courierWorld(kill);
    world.channels.providers.set('#ops', from(2, limiting(45_000)));
    await world.round();
    world.time.pass(20_000);

    await world.round();

    const ops = await world.deliveryOver('#ops');
    assert.equal(Date.parse(ops?.acknowledgedAt ?? '') - START.getTime(), 45_000);
  });

  it('settles without a channel that took over and has left the matrix since', async () => {
    const world = courierWorld(kill);
    world.channels.providers.set('pager', refusing);
    world.channels.providers.set('mail', limiting(50_000));
    await world.round();
    const { mail: _mail, ...channels } = MATRIX.channels;
    world.store.records.set('MATRIX#communications', { kind: 'MATRIX', record: { ...MATRIX, channels } });

    await world.round();

    assert.deepEqual(await world.waiting(), []);
  });

  it('leaves everything to the next round once its time is over', async () => {
    const many = Array.from({ length: 200 }, (_, at) => messageOf('kill-switch', { id: `kill-${at}/kill-switch` }));
    const world = courierWorld(...many);
    world.channels.providers.set('#ops', slow(world.time));

    await world.round();

    const lasted = world.time.now().getTime() - START.getTime();
    assert.ok(lasted <= 34_000, `${lasted} ms`);
    assert.equal(world.channels.countOf('pager'), 200, 'a slow channel holds up no other');
  });

  it('takes the most urgent first, the older of the same urgency', async () => {
    const later = new Date(START.getTime() + 1_000).toISOString();
    const world = courierWorld(
      messageOf('launch-start'),
      messageOf('launch-live', { at: later }),
      messageOf('launch-live', { id: 'older' }),
      { ...kill, at: later },
    );

    await world.round();

    assert.deepEqual(
      world.channels.sent.filter(({ channel }) => channel === '#ops').map(({ severity, at }) => [severity, at]),
      [
        ['critical', later],
        ['warning', START.toISOString()],
        ['warning', later],
        ['info', START.toISOString()],
      ],
    );
  });

  it('takes 500 at once, and the rest in the next round', async () => {
    const many = Array.from({ length: 501 }, (_, at) => messageOf('launch-start', { id: `launch-${at}/launch-start` }));
    const world = courierWorld(...many);

    assert.equal((await world.round()).summary, '500 messages settled, 1 wait');
    assert.equal((await world.round()).summary, '1 messages settled, 0 wait');
  });

  it('finds a message that it was woken for although no list shows it yet', async () => {
    const world = courierWorld(kill);

    await world.round([kill.id, 'unknown'], { records: { ...lagging(world.store), all: async () => [] } });

    assert.equal(world.channels.sent.length, 3);
  });

  it('lets a message wait for which the stored matrix has no row yet', async () => {
    const world = courierWorld(messageOf('digest'), kill);

    assert.equal((await world.round()).summary, '1 messages settled, 1 wait');
  });

  it('carries the others when the records of one fail, and throws at the end so that it is called again', async () => {
    const world = courierWorld(kill, messageOf('launch-start', { id: 'other' }));
    const { replace } = lagging(world.store);
    const records = {
      ...lagging(world.store),
      replace: async (record: Parameters<typeof replace>[0]) => {
        if (record.record.id.startsWith('other')) throw new Error('the store is down');
        return replace(record);
      },
    };

    await assert.rejects(world.round([], { records }), { message: /the store is down/ });

    assert.equal(world.channels.sent.length, 3);
    assert.deepEqual(await world.waiting(), ['other']);
  });

  it('refuses to guess where messages go when no matrix is registered', async () => {
    const world = courierWorld(kill);
    world.store.records.delete('MATRIX#communications');

    await assert.rejects(world.round(), /no communication matrix is registered/);
  });

  it('sends the test of a channel to that channel alone, and raises no alarm when it fails: somebody waits for it', async () => {
    const test = messageOf('channel-test', { id: 'desk/channel-test/1', facts: { channel: '#risk' } });
    const world = courierWorld(test);
    world.channels.providers.set('#risk', refusing);

    await world.round();

    assert.deepEqual(
      world.deliveries().map(({ channel, status }) => [channel, status]),
      [['#risk', 'failed']],
    );
    assert.deepEqual(world.alarms, []);
  });

  it('settles a message that goes nowhere: a drill pages nobody', async () => {
    const world = courierWorld(messageOf('channel-test', { facts: { channel: 'pager' }, drill: true }));

    await world.round();

    assert.deepEqual([world.channels.sent, await world.waiting()], [[], []]);
  });
});

describe('MessagesWaiting', () => {
  it('names the messages of an event, and is the sweep for anything else', () => {
    assert.deepEqual(MessagesWaiting.parse({ detail: { ids: ['a', 'b'] } }), ['a', 'b']);
    for (const other of [{}, null, 'junk', { detail: { ids: [''] } }, { detail: { ids: Array(101).fill('a') } }])
      assert.deepEqual(MessagesWaiting.parse(other), []);
  });
});

/** The store's own methods, to be overridden one by one. */
const lagging = (store: ReturnType<typeof courierWorld>['store']) => ({
  get: store.get.bind(store),
  all: store.all.bind(store),
  replace: store.replace.bind(store),
});
