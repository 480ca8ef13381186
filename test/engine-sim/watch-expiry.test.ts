import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { FRESH } from '../../engine-sim/engine/engine-state.ts';
import { instanceCore } from '../../engine-sim/engine/instance-core.ts';
import { takeLease } from '../../engine-sim/engine/lease-rules.ts';
import { watchExpiry } from '../../engine-sim/engine/watch-expiry.ts';

const TTL_MS = 80;
const clock = { elapsed: () => performance.now(), wall: () => Date.now() };

/** An armed engine that nobody looks at, under a lease of 80 ms. Answers when it asked, and the event of its halt. */
function trading(frozen: () => boolean) {
  const store = { read: () => ({ ...FRESH, armedEpoch: 0, armedRate: 1 }), write: async () => undefined };
  const core = instanceCore('i', store, clock, () => undefined);
  const seen = new EventTarget();
  const expiry = watchExpiry(core, frozen);
  const renewed = () => {
    const asked = core.now();
    const terms = { mode: 'ACTIVE', maxOrdersPerSec: 1, epoch: 0, expiresInMs: TTL_MS };
    void core.apply((state, now) => takeLease(state, asked, terms, now));
    expiry.renewed();
    return asked.elapsed;
  };
  core.onMode((mode) => void (mode === 'SAFE' && seen.dispatchEvent(new Event('halt'))));
  return { core, expiry, renewed, seen };
}

describe('the end of a lease', () => {
  it('is seen when it comes, with nobody looking, and counted from the newest renewal', async () => {
    const { core, renewed, seen } = trading(() => false);
    const halted = once(seen, 'halt', { signal: AbortSignal.timeout(2_000) });
    renewed();
    await new Promise((resolve) => void setTimeout(resolve, 40));

    const asked = renewed();
    await halted;

    assert.ok(performance.now() - asked >= TTL_MS);
    assert.equal(core.state().armedEpoch, null);
  });

  it('is left alone by a frozen instance, and by one that was stopped', async () => {
    for (const [frozen, stopped] of [
      [true, false],
      [false, true],
    ]) {
      const { expiry, renewed, seen } = trading(() => frozen === true);
      const halted = once(seen, 'halt', { signal: AbortSignal.timeout(TTL_MS + 40) });
      renewed();
      if (stopped) expiry.stop();

      await assert.rejects(halted, { name: 'AbortError' });
    }
  });
});
