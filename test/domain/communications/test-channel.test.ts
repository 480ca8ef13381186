import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChannelTestRequest } from '../../../domain/communications/channel-test-request.ts';
import { testChannel } from '../../../domain/communications/test-channel.ts';
import { risk, type World, world } from '../../fakes/world.ts';

const send = (made: World, channel: string, key = 'one') =>
  testChannel({ caller: risk, key, request: ChannelTestRequest.parse({ channel }) }, made.ports);

describe('testChannel', () => {
  it('writes one message to one channel, once for a key, and an entry that says who asked', async () => {
    const made = world();

    const first = await send(made, '#incidents');
    const again = await send(made, '#incidents');
    await send(made, '#incidents', 'two');

    const messages = await made.store.all('MESSAGE');
    assert.deepEqual([again.repeated, again.reply], [true, first.reply]);
    assert.equal(messages.length, 2);
    assert.ok(messages.some(({ id }) => first.reply.delivery === `${id}/#incidents`));
    assert.ok(messages.every(({ trigger, facts }) => trigger === 'channel-test' && facts['by'] === risk.subject));
    assert.deepEqual(made.store.storyOf('desk'), ['channel.tested', 'channel.tested']);
  });

  it('refuses a channel that is not in the matrix, names those that are, and writes nothing', async () => {
    const made = world();

    await assert.rejects(send(made, '#gossip'), { name: 'UnknownChannel', next: /^take one of these: '#trading-ops'/ });
    made.store.records.delete('MATRIX#communications');
    await assert.rejects(send(made, '#incidents'), { next: 'take one of these: none' });

    assert.deepEqual(await made.store.all('MESSAGE'), []);
  });
});
