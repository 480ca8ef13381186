import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { disableLiveOfStop } from '../../../domain/stop/disable-live-of-stop.ts';
import { recordStop } from '../../../domain/stop/record-stop.ts';
import { settleStrategy } from '../../../domain/stop/settle-strategy.ts';
import { STRATEGY, stateOf } from '../../fakes/world.ts';
import { payloadOf, stopping } from './a-stop.ts';

describe('the end of a stop', () => {
  it('asks the venues once more: never OFF while one reports an order that nobody signed for', async () => {
    const made = await stopping();
    made.venues.resting = 1;

    await assert.rejects(recordStop(made.step, made.ports), {
      name: 'OrdersResting',
      message: /nobody has signed for/,
    });

    assert.equal(stateOf(made).mode, 'STOPPING');
  });

  it('waits for the last word of a venue', async () => {
    const made = await stopping();
    made.venues.unreachable.add('XSIM');

    await assert.rejects(recordStop(made.step, made.ports), { name: 'VenueUnreachable' });
  });

  it('tells the engines again when it is repeated, but not once the strategy is launched again', async () => {
    const made = await stopping();
    await recordStop(made.step, made.ports);
    await recordStop(made.step, made.ports);
    assert.equal(made.engines.modes.length, 4);

    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE' });
    await recordStop(made.step, made.ports);

    assert.equal(made.engines.modes.length, 4);
  });

  it('names the audit event of the flag, which says what it was, what it is, who and when', async () => {
    const made = await stopping();
    made.flags.live = true;
    made.flags.version = 7;
    await disableLiveOfStop(made.step, made.ports);

    await recordStop(made.step, made.ports);

    const { flagOff } = Object(payloadOf(made, 'stop.confirmed'));
    const kept = await made.evidence.read(flagOff.key);
    assert.equal(kept?.hash, flagOff.hash);
    const { before, after, by, deployment } = JSON.parse(Buffer.from(kept?.bytes ?? []).toString());
    assert.deepEqual(
      [before, after],
      [
        { live: true, version: 7 },
        { live: false, version: 8 },
      ],
    );
    assert.deepEqual([by.actor, deployment.deployment], ['sub-trader', 8]);
  });

  it('carries the verdict of the settlement, with the digest of its file', async () => {
    const made = await stopping();
    await settleStrategy(made.step, made.ports);

    await recordStop(made.step, made.ports);

    const { settlement } = Object(payloadOf(made, 'stop.confirmed'));
    const { report, verdict } = Object(payloadOf(made, 'strategy.settled'));
    assert.deepEqual(settlement, { verdict, hash: report.hash });
  });

  it('flips a flag that nobody can read all the same', async () => {
    const made = await stopping();
    made.flags.read = () => Promise.reject(new Error('AppConfig is away'));

    await disableLiveOfStop(made.step, made.ports);

    assert.deepEqual(Object(payloadOf(made, 'flag.disabled')).before, { live: null, version: 0 });
  });
});
