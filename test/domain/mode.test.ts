import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isLive, Mode, type ModeEvent, transition } from '../../domain/mode.ts';
import { Refusal } from '../../domain/refusal.ts';

const EVENTS: ModeEvent[] = [
  ...(['launch', 'enable', 'withdraw', 'stop', 'stopped', 'expire'] as const),
  ...(['resume', 'suspend', 'throttle', 'reduce', 'lift', 'kill', 'recover'] as const),
];
const anyMode = fc.constantFrom(...Mode.options);

describe('transition', () => {
  it('kills from every mode', () => {
    assert.deepEqual(
      Mode.options.map((mode) => transition(mode, 'kill')),
      Mode.options.map(() => 'KILLED'),
    );
  });

  it('leaves KILLED by recovery alone, for OFF, and says so to any other event', () =>
    fc.assert(
      fc.property(fc.constantFrom(...EVENTS.filter((event) => event !== 'kill' && event !== 'recover')), (event) => {
        const refusal = transition('KILLED', event);

        assert.ok(refusal instanceof Refusal && refusal.code === 'StrategyKilled');
      }),
    ));

  it('recovers only what is killed', () => {
    assert.deepEqual(
      Mode.options.filter((mode) => transition(mode, 'recover') === 'OFF'),
      ['KILLED'],
    );
  });

  it('reaches ACTIVE only by enabling a launch, resuming what is SAFE, or lifting what holds it back', () =>
    fc.assert(
      fc.property(anyMode, fc.constantFrom(...EVENTS), (mode, event) => {
        const next = transition(mode, event);

        const isEnabled = (mode === 'LAUNCHING' && event === 'enable') || (mode === 'SAFE' && event === 'resume');
        const isLifted = (mode === 'THROTTLED' || mode === 'REDUCE_ONLY') && event === 'lift';
        assert.equal(next === 'ACTIVE', isEnabled || isLifted);
      }),
    ));

  it('resumes nothing but what is SAFE, and says what it is instead', () => {
    const refused = Mode.options.filter((mode) => mode !== 'SAFE' && mode !== 'KILLED');

    for (const mode of refused) {
      const refusal = transition(mode, 'resume');
      assert.ok(refusal instanceof Refusal && refusal.code === 'StrategyNotSafe' && refusal.message.includes(mode));
    }
  });

  it('goes back to SAFE from whatever a resumption may have enabled', () => {
    assert.deepEqual(
      Mode.options.filter((mode) => transition(mode, 'suspend') === 'SAFE'),
      ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY', 'SAFE'],
    );
  });

  it('launches only from OFF', () => {
    assert.deepEqual(
      Mode.options.filter((mode) => transition(mode, 'launch') === 'LAUNCHING'),
      ['OFF'],
    );
  });

  it('can stop whatever may have orders', () => {
    assert.deepEqual(
      Mode.options.filter((mode) => isLive(mode) && transition(mode, 'stop') !== 'STOPPING'),
      [],
    );
  });

  it('goes down the ladder from whatever trades, step by step or at once, and never up by a safer event', () => {
    const ladder: Mode[] = ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY', 'SAFE', 'KILLED'];
    const reached = (event: ModeEvent) => ladder.slice(0, 3).map((mode) => transition(mode, event));

    assert.deepEqual(reached('throttle'), ['THROTTLED', 'THROTTLED', 'REDUCE_ONLY']);
    assert.deepEqual(reached('reduce'), ['REDUCE_ONLY', 'REDUCE_ONLY', 'REDUCE_ONLY']);
    assert.deepEqual(reached('suspend'), ['SAFE', 'SAFE', 'SAFE']);
    assert.deepEqual(reached('kill'), ['KILLED', 'KILLED', 'KILLED']);
    for (const event of ['throttle', 'reduce', 'suspend', 'kill'] as const)
      for (const [step, mode] of ladder.entries()) {
        const next = transition(mode, event);
        assert.ok(next instanceof Refusal || ladder.indexOf(next) >= step, `${event} of ${mode}`);
      }
  });

  it('lifts nothing but what is held back', () => {
    assert.deepEqual(
      Mode.options.filter((mode) => transition(mode, 'lift') === 'ACTIVE'),
      ['THROTTLED', 'REDUCE_ONLY'],
    );
  });
});
