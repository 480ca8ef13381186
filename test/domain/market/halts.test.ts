import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import { endHalt } from '../../../domain/market/end-halt.ts';
import { keptHalts, standingHalts } from '../../../domain/market/halt.ts';
import { HaltRequest, haltVenue } from '../../../domain/market/halt-venue.ts';
import { START, world } from '../../fakes/world.ts';

const SRE = ActorId.parse('sub-sre');
const later = (minutes: number) => new Date(START.getTime() + minutes * 60_000).toISOString();

function desk() {
  const made = world();
  const halt = (request: object, key = 'key-0001', mic = 'XSIM') =>
    haltVenue({ mic, actor: SRE, key, request: HaltRequest.parse(request) }, made.ports);
  const end = (haltId: string, key = 'end-0001') => endHalt({ mic: 'XSIM', haltId, actor: SRE, key }, made.ports);
  const standing = async () =>
    standingHalts(await made.store.get('HALT', 'XSIM'), made.ports.now()).map(({ reason }) => reason);
  return { ...made, halt, end, standing };
}

describe('haltVenue', () => {
  it('records who halted what and why, in the ledger of the desk, and says it', async () => {
    const { halt, standing, store } = desk();

    const { reply } = await halt({ reason: 'the exchange announced an outage' });

    assert.equal(reply.summary, 'XSIM is halted: the exchange announced an outage');
    assert.deepEqual([reply.halt.by, reply.halt.since, reply.halt.source], [SRE, START.toISOString(), 'person']);
    assert.deepEqual(
      [await standing(), store.storyOf('desk')],
      [['the exchange announced an outage'], ['venue.halted']],
    );
  });

  it('halts one instrument of a venue', async () => {
    const { halt } = desk();

    const { reply } = await halt({ reason: 'limit up', instrument: 'BTC-PERP' });

    assert.equal(reply.summary, 'BTC-PERP at XSIM is halted: limit up');
  });

  it('gives a repeated command its reply, and writes nothing twice', async () => {
    const { halt, standing, store } = desk();

    const first = await halt({ reason: 'outage' });
    const again = await halt({ reason: 'outage' });

    assert.deepEqual([again.repeated, again.reply], [true, first.reply]);
    assert.deepEqual([await standing(), store.storyOf('desk')], [['outage'], ['venue.halted']]);
    await assert.rejects(halt({ reason: 'another' }), { name: 'IdempotencyKeyReused' });
  });

  it('holds nobody up from when it is known to end', async () => {
    const { halt, standing, pass } = desk();

    await halt({ reason: 'auction', until: later(10) });

    assert.deepEqual(await standing(), ['auction']);
    pass(10 * 60_000);
    assert.deepEqual(await standing(), []);
  });

  it('refuses a venue that nobody configured, and an end that is over', async () => {
    const { halt, store } = desk();

    await assert.rejects(halt({ reason: 'outage' }, 'key-0002', 'XXXX'), { name: 'UnknownVenue' });
    await assert.rejects(halt({ reason: 'outage' }, 'key-0003', 'no mic'), { name: 'UnknownVenue' });
    await assert.rejects(halt({ reason: 'outage', until: later(0) }), { name: 'InvalidRequest' });
    assert.deepEqual(store.storyOf('desk'), []);
  });

  it('refuses the hundred and first halt of a venue', async () => {
    const { halt } = desk();
    for (let at = 0; at < 100; at += 1) await halt({ reason: `halt ${at}` }, `key-${at}-aaaa`);

    await assert.rejects(halt({ reason: 'one more' }, 'key-100-aaaa'), {
      name: 'InvalidRequest',
      message: /100 halts/,
    });
  });

  for (const [what, request] of [
    ['no reason', {}],
    ['a reason of blanks', { reason: '  ' }],
    ['a reason with control characters', { reason: 'red\u001b[31m alert' }],
    ['a reason of 501 characters', { reason: 'x'.repeat(501) }],
    ['an end that is no time', { reason: 'x', until: 'tomorrow' }],
    ['an unknown key', { reason: 'x', mode: 'all' }],
  ] as const)
    it(`is not asked with ${what}`, () => assert.equal(HaltRequest.safeParse(request).success, false));
});

describe('endHalt', () => {
  it('lets launches trade there again, and records who ended it', async () => {
    const { halt, end, standing, store } = desk();
    const { reply } = await halt({ reason: 'outage' });

    const ended = await end(reply.halt.id);

    assert.equal(ended.reply.summary, `the halt of XSIM ended at ${START.toISOString()}`);
    assert.equal(ended.reply.halt.endedBy, SRE);
    assert.deepEqual([await standing(), store.storyOf('desk')], [[], ['venue.halted', 'venue.halt-ended']]);
  });

  it('leaves other halts alone', async () => {
    const { halt, end, standing } = desk();
    const { reply } = await halt({ reason: 'outage' });
    await halt({ reason: 'limit up', instrument: 'BTC-PERP' }, 'key-0002');

    await end(reply.halt.id);

    assert.deepEqual(await standing(), ['limit up']);
  });

  it('says of one that ended already how it did, and writes nothing', async () => {
    const { halt, end, store, pass } = desk();
    const { reply } = await halt({ reason: 'outage' });
    await end(reply.halt.id);
    pass(60_000);

    const again = await end(reply.halt.id, 'end-0002');

    assert.equal(again.reply.halt.endedAt, START.toISOString());
    assert.equal(store.storyOf('desk').length, 2);
  });

  it('refuses a halt that the venue does not have', async () => {
    const { halt, end } = desk();

    await assert.rejects(end('halt-000000000000'), { name: 'NotFound' });
    await halt({ reason: 'outage' });
    await assert.rejects(end('halt-000000000000', 'end-0002'), { name: 'NotFound' });
  });
});

describe('keptHalts', () => {
  it('keeps all that stand, and the last twenty that ended', () => {
    const made = Array.from({ length: 60 }, (_, at) => ({
      ...{ id: `halt-${String(at).padStart(12, '0')}`, reason: `halt ${at}`, since: later(at - 100), by: SRE },
      ...{ source: 'person' as const, ...(at % 2 === 0 && { endedAt: later(at - 90) }) },
    }));

    const { halts } = keptHalts('XSIM', made, START);

    assert.equal(halts.filter(({ endedAt }) => endedAt === undefined).length, 30);
    assert.deepEqual(
      halts.filter(({ endedAt }) => endedAt !== undefined).map(({ reason }) => reason),
      Array.from({ length: 20 }, (_, at) => `halt ${20 + at * 2}`),
    );
  });
});
