import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isLive, Mode, type ModeEvent, transition } from '../../domain/mode.ts';
import { Refusal } from '../../domain/refusal.ts';

const EVENTS: ModeEvent[] = [
  ...(['launch', 'enable', 'withdraw', 'stop', 'stopped', 'expire'] as const),
  ...(['resume', 'suspend', 'kill', 'recover'] as const),
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

  it('reaches ACTIVE only by enabling a launch, or by resuming what is SAFE', () =>
    fc.assert(
      fc.property(anyMode, fc.constantFrom(...EVENTS), (mode, event) => {
        const next = transition(mode, event);

        const isEnabled = (mode === 'LAUNCHING' && event === 'enable') || (mode === 'SAFE' && event === 'resume');
        assert.equal(next === 'ACTIVE', isEnabled);
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
});
