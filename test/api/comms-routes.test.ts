import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Deliveries } from '../../cli/message-replies.ts';
import { Delivery } from '../../domain/communications/delivery.ts';
import { deliveryOf } from '../fakes/courier-world.ts';
import { RUN, START, STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const AnyReply = z.record(z.string(), z.unknown());
const read = async (made: ApiWorld, query: string) => {
  const response = await made.send('query', `/v1/deliveries${query}`, { as: 'auditor' });
  return { status: response.status, body: AnyReply.parse(await response.json()) };
};
const ids = async (made: ApiWorld, query: string) =>
  Deliveries.parse((await read(made, query)).body).deliveries.map(({ id }) => id);

/** Deliveries of a kill, the first the oldest. */
async function told() {
  const made = apiWorld();
  const base = deliveryOf('kill-switch', '#ops');
  const of = (at: number, more: Partial<Delivery>) =>
    Delivery.parse({ ...base, at: new Date(START.getTime() + at).toISOString(), ...more });
  const all = [
    of(0, { id: 'a/#ops', status: 'failed' }),
    of(1_000, { id: 'b/pager', channel: 'pager', via: 'pagerduty' }),
    of(2_000, { id: 'c/#ops', trigger: 'launch-start', status: 'acknowledged', strategyId: undefined }),
  ];
  for (const record of all) await made.store.put({ kind: 'DELIVERY', record });
  return made;
}

describe('GET deliveries', () => {
  it('shows the newest first, and those alone that fit every filter', async () => {
    const made = await told();

    assert.deepEqual(await ids(made, ''), ['c/#ops', 'b/pager', 'a/#ops']);
    assert.deepEqual(await ids(made, '?limit=1'), ['c/#ops']);
    assert.deepEqual(await ids(made, `?strategy=${STRATEGY}`), ['b/pager', 'a/#ops']);
    assert.deepEqual(await ids(made, `?trigger=kill-switch&status=failed&run=${RUN}`), ['a/#ops']);
    assert.deepEqual(await ids(made, '?limit=1&status=failed'), ['a/#ops']);
    assert.deepEqual(await ids(made, '?channel=%23ops&status=waiting'), []);
    assert.deepEqual(await ids(made, `?id=${encodeURIComponent('b/pager')}`), ['b/pager']);
    assert.deepEqual(await ids(made, '?id=nobody'), []);
    assert.deepEqual(await ids(made, `?id=${encodeURIComponent('b/pager')}&status=failed`), []);
  });

  it('refuses what it cannot heed, and says what can be asked', async () => {
    for (const query of ['?status=lost', '?trigger=gossip', '?limit=0', '?limit=501', '?strateg=x', '?run=a&run=b']) {
      const { status, body } = await read(apiWorld(), query);

      assert.deepEqual([status, body['code']], [400, 'InvalidRequest'], query);
      assert.match(String(body['next']), /ask with strategy, trigger, status, run, channel, id, limit/);
    }
  });
});

describe('POST channel-tests', () => {
  const send = async (made: ApiWorld, channel: string, as = 'sre', key = 'key-0001') => {
    const headers = { 'idempotency-key': key };
    const response = await made.send('command', '/v1/channel-tests', { as, body: { channel }, headers });
    return { status: response.status, body: AnyReply.parse(await response.json()) };
  };

  it('writes one message to that channel, says where its proof will stand, and does it once for one key', async () => {
    const made = apiWorld();

    const { status, body } = await send(made, '#risk');
    await send(made, '#risk');

    const [message, ...more] = await made.store.all('MESSAGE');
    assert.deepEqual([status, body['delivery']], [200, `${message?.id}/#risk`]);
    assert.deepEqual(
      [message?.trigger, message?.facts['channel'], message?.facts['by']],
      ['channel-test', '#risk', 'sub-sre'],
    );
    assert.deepEqual(more, []);
    assert.deepEqual(made.store.storyOf('desk'), ['channel.tested']);
  });

  it('refuses a channel that the matrix does not know, with those that it does', async () => {
    const made = apiWorld();

    const { status, body } = await send(made, '#gossip');

    assert.deepEqual([status, body['code']], [404, 'UnknownChannel']);
    assert.match(String(body['next']), /'#trading-ops', '#risk', '#incidents', 'PagerDuty bridge'/);
    made.store.records.delete('MATRIX#communications');
    assert.match(String((await send(made, '#risk', 'sre', 'key-0002')).body['next']), /take one of these: none/);
  });

  it('is for those who operate', async () => {
    for (const as of ['auditor', 'quant', 'reader'])
      assert.equal((await send(apiWorld(), '#risk', as)).status, 403, as);
    for (const as of ['trader', 'risk', 'sre']) assert.equal((await send(apiWorld(), '#risk', as)).status, 200, as);
  });
});
