import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import { renewLease } from '../../../domain/lease/renew-lease.ts';
import { endHalt } from '../../../domain/market/end-halt.ts';
import { type ReportedHalt, standingHalts } from '../../../domain/market/halt.ts';
import { HaltRequest, haltVenue } from '../../../domain/market/halt-venue.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { START, STRATEGY, type World, world } from '../../fakes/world.ts';

const SRE = ActorId.parse('sub-sre');
const since = '2026-11-24T11:59:00.000Z';
const outage: ReportedHalt = { venue: 'XSIM', since, reason: 'trading\u0007suspended' };
const limitUp: ReportedHalt = { venue: 'XSIM', instrument: 'BTC-PERP', since, reason: 'limit up' };
let made: World;

beforeEach(() => {
  made = world();
});

/** A renewal by the first instance, which tells these halts; or cannot tell. */
const renew = (venueHalts?: readonly ReportedHalt[], instance = 'btc-momentum-1') =>
  renewLease(
    {
      ...{ clientId: `client-${instance}`, strategyId: STRATEGY, instanceId: instance, epoch: 0 },
      report: { openOrders: 0, ...(venueHalts && { venueHalts }) },
    },
    made.ports,
  );
const standing = async () =>
  standingHalts(await made.store.get('HALT', 'XSIM'), made.ports.now()).map(({ reason, reportedBy }) => [
    reason,
    reportedBy,
  ]);
const story = () => made.store.storyOf('desk');

describe('halts that an engine reports with its lease', () => {
  it('are taken in once, in plain words, and stand as long as they are reported', async () => {
    await renew([outage]);
    await renew([outage]);

    assert.deepEqual(await standing(), [['trading suspended', 'btc-momentum/btc-momentum-1']]);
    assert.deepEqual(story(), ['venue.halted']);
    assert.deepEqual((await made.store.get('HALT', 'XSIM'))?.halts[0]?.source, 'engine');
  });

  it('end when they are not reported any more, and not while the engine cannot tell', async () => {
    await renew([outage, limitUp]);
    await renew();
    assert.equal((await standing()).length, 2);

    await renew([limitUp]);
    assert.deepEqual(await standing(), [['limit up', 'btc-momentum/btc-momentum-1']]);
    await renew([]);

    assert.deepEqual(await standing(), []);
    assert.deepEqual(story(), ['venue.halted', 'venue.halted', 'venue.halt-ended', 'venue.halt-ended']);
  });

  it('begin again when they come back', async () => {
    for (const told of [[outage], [], [outage]]) await renew(told);

    assert.deepEqual(await standing(), [['trading suspended', 'btc-momentum/btc-momentum-1']]);
    assert.equal((await made.store.get('HALT', 'XSIM'))?.halts.length, 1);
  });

  it('are each instance’s own: one that sees an end does not end it for another, nor what a person said', async () => {
    await haltVenue(
      { mic: 'XSIM', actor: SRE, key: 'key-0001', request: HaltRequest.parse({ reason: 'by hand' }) },
      made.ports,
    );
    await renew([outage]);
    await renew([outage], 'btc-momentum-2');

    await renew([]);

    assert.deepEqual((await standing()).toSorted(), [
      ['by hand', undefined],
      ['trading suspended', 'btc-momentum/btc-momentum-2'],
    ]);
  });

  it('stay ended when a person ended them, while the engine goes on reporting the same', async () => {
    await renew([outage]);
    const [halt] = (await made.store.get('HALT', 'XSIM'))?.halts ?? [];
    await endHalt({ mic: 'XSIM', haltId: String(halt?.id), actor: SRE, key: 'end-0001' }, made.ports);

    await renew([outage, limitUp]);

    assert.deepEqual(await standing(), [['limit up', 'btc-momentum/btc-momentum-1']]);
  });

  it('of venues that are not the strategy’s are not its business', async () => {
    await renew([{ ...outage, venue: 'XNYS' }]);

    assert.deepEqual([story(), await made.store.get('HALT', 'XNYS')], [[], undefined]);
  });

  it('never make more than a hundred at a venue', async () => {
    for (let at = 0; at < 99; at += 1) {
      const request = HaltRequest.parse({ reason: `by hand ${at}` });
      await haltVenue({ mic: 'XSIM', actor: SRE, key: `key-${at}-aaaa`, request }, made.ports);
    }
    await renew([outage, limitUp]);

    assert.equal((await standing()).length, 100);
  });

  it('hold up no lease: what cannot be recorded now is recorded at the next renewal', async () => {
    const commitTo = made.store.commitTo.bind(made.store);
    made.store.commitTo = () => Promise.reject(new Refusal('StoreUnavailable', 'away', 'wait'));
    await renew([outage]);
    assert.deepEqual(await standing(), []);

    made.store.commitTo = commitTo;
    await renew([outage]);

    assert.deepEqual(await standing(), [['trading suspended', 'btc-momentum/btc-momentum-1']]);
  });

  it('cost a renewal nothing as long as they stay the same', async () => {
    await renew([outage]);
    made.store.commitTo = () => Promise.reject(new TypeError('not even looked at'));

    await renew([outage]);

    assert.equal((await standing()).length, 1);
  });

  it('fail the renewal where something else is wrong than the store', async () => {
    made.store.commitTo = () => Promise.reject(new TypeError('a fault'));

    await assert.rejects(renew([outage]), TypeError);
    assert.equal(made.clock.now, START);
  });

  it('leave no trace in a lease where there are none', async () => {
    await renew([]);

    assert.deepEqual((await made.store.get('LEASE', `${STRATEGY}/btc-momentum-1`))?.report, { openOrders: 0 });
  });
});
