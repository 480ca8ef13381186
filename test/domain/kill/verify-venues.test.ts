import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verifyVenues } from '../../../domain/kill/verify-venues.ts';
import { STRATEGY, type World, world } from '../../fakes/world.ts';
import { killed, payloadsOf } from './kill-at-its-end.ts';

describe('verifyVenues', () => {
  it('records each answer once, as the venue gave it, however often it is the same', async () => {
    const made = world();
    Object.assign(made.venues, { resting: 2, stubborn: 3, refuses: 'auction' });
    const step = await killed(made);

    for (let look = 0; look < 4; look += 1)
      await assert.rejects(verifyVenues(step, made.ports), { name: 'OrdersResting' });
    await verifyVenues(step, made.ports);

    const answers = payloadsOf(made, 'kill.venue-answered');
    assert.deepEqual(
      answers.map(({ venue, resting, cancelRequested, refused }) => [
        venue,
        resting,
        cancelRequested,
        Object(refused).length,
      ]),
      [
        ['XSIM', 2, 0, 2],
        ['XSIM', 2, 2, 0],
      ],
    );
    assert.equal(payloadsOf(made, 'kill.venues-empty').length, 1);
  });

  it('names a venue that does not answer, and cancels at the others meanwhile', async () => {
    const made = twoVenues();
    const step = await killed(made);
    made.venues.unreachable.add('SLOW');
    made.venues.resting = 1;

    await assert.rejects(verifyVenues(step, made.ports), {
      name: 'OrdersResting',
      message: /XSIM \(1\); SLOW did not/,
    });
    await assert.rejects(verifyVenues(step, made.ports), { name: 'VenueUnreachable', message: /SLOW did not answer/ });

    assert.equal(made.venues.cancels, 1);
    const silent = payloadsOf(made, 'kill.venue-answered').filter(({ venue }) => venue === 'SLOW');
    assert.deepEqual(new Set(silent.map(({ unanswered }) => unanswered)), new Set(['SLOW did not answer']));
    assert.deepEqual(payloadsOf(made, 'kill.venues-empty'), []);
  });

  it('keeps what a venue listed when it refused to be asked for the cancel', async () => {
    const made = world();
    const step = await killed(made);
    made.venues.resting = 1;
    made.venues.cancelAll = async () => {
      made.venues.unreachable.add('XSIM');
      return made.venues.openOrders({ id: 'XSIM', url: '' }) as never;
    };

    await assert.rejects(verifyVenues(step, made.ports), { name: 'OrdersResting' });

    assert.deepEqual(payloadsOf(made, 'kill.venue-answered')[0]?.['unanswered'], 'XSIM did not answer');
  });

  it('is proved empty even where a venue no longer tells its positions, which is said', async () => {
    const made = world();
    const step = await killed(made);
    made.venues.openOrders = async () => [];
    made.venues.unreachable.add('XSIM');

    await verifyVenues(step, made.ports);

    assert.deepEqual(payloadsOf(made, 'kill.venues-empty')[0]?.['positions'], [
      { venue: 'XSIM', unreachable: 'XSIM did not answer' },
    ]);
  });

  it('takes what is no refusal for a fault', async () => {
    const made = world();
    const step = await killed(made);
    made.venues.openOrders = () => Promise.reject(new TypeError('a bug'));
    await assert.rejects(verifyVenues(step, made.ports), TypeError);
    made.venues.openOrders = async () => [];
    made.venues.positions = () => Promise.reject(new TypeError('a bug'));

    await assert.rejects(verifyVenues(step, made.ports), TypeError);
  });
});

function twoVenues(): World {
  const made = world();
  const registered = made.store.records.get(`REGISTRATION#${STRATEGY}`);
  if (registered?.kind !== 'REGISTRATION') throw new Error('not registered');
  const venues = [...registered.record.venues, { id: 'SLOW', url: 'http://127.0.0.1:1/SLOW' }];
  made.store.records.set(`REGISTRATION#${STRATEGY}`, {
    kind: 'REGISTRATION',
    record: { ...registered.record, venues },
  });
  return made;
}
