import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FRESH } from '../../engine-sim/engine/engine-state.ts';
import { instanceCore } from '../../engine-sim/engine/instance-core.ts';
import { takeLease } from '../../engine-sim/engine/lease-rules.ts';
import { watchExpiry } from '../../engine-sim/engine/watch-expiry.ts';

const TTL_MS = 80;
const ARMED_MS = 1_000; // a lease counts only when it was asked for after the arm

/** An armed engine that nobody looks at, under a lease of 80 ms, in a time that only `pass` moves on; `halts` are the moments of its halts. */
function trading({ mock }: TestContext, frozen: () => boolean = () => false) {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  let elapsed = ARMED_MS;
  const clock = { elapsed: () => elapsed, wall: () => elapsed };
  const store = { read: () => ({ ...FRESH, armedEpoch: 0, armedRate: 1 }), write: async () => undefined };
  const core = instanceCore('i', store, clock, () => undefined);
  const expiry = watchExpiry(core, frozen);
  const halts: number[] = [];
  core.onMode((mode) => void (mode === 'SAFE' && halts.push(elapsed - ARMED_MS)));
  return {
    core,
    expiry,
    halts,
    renewed: () => {
      const terms = { mode: 'ACTIVE', maxOrdersPerSec: 1, epoch: 0, expiresInMs: TTL_MS };
      void core.apply((state, now) => takeLease(state, core.now(), terms, now));
      expiry.renewed();
    },
    pass: (ms: number) => {
      for (let passed = 0; passed < ms; passed += 1) {
        elapsed += 1;
        mock.timers.tick(1);
      }
    },
  };
}

describe('the end of a lease', () => {
  it('is seen when it comes, with nobody looking, and counted from the newest renewal', (test) => {
    const { core, halts, renewed, pass } = trading(test);
    renewed();
    pass(40);
    renewed();

    pass(TTL_MS - 1);
    assert.deepEqual(halts, []);
    pass(1);

    assert.deepEqual(halts, [40 + TTL_MS]); // before anybody looks
    assert.equal(core.state().armedEpoch, null);
  });

  it('is left alone by a frozen instance, and by one that was stopped', (test) => {
    const frozen = trading(test, () => true);
    frozen.renewed();
    frozen.pass(2 * TTL_MS);
    const stopped = trading(test);
    stopped.renewed();
    stopped.expiry.stop();
    stopped.pass(2 * TTL_MS);

    assert.deepEqual([frozen.halts, stopped.halts], [[], []]);
  });
});
