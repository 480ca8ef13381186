import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { claimed, reported } from '../../../domain/communications/attempt.ts';
import { CLAIM_MS } from '../../../domain/communications/attempt-limits.ts';
import { backoffMs, ceilingMs } from '../../../domain/communications/backoff.ts';
import { Delivery } from '../../../domain/communications/delivery.ts';
import { deliveryStep } from '../../../domain/communications/delivery-step.ts';
import type { Sent } from '../../../domain/ports/message-channels.ts';
import { deliveryOf } from '../../fakes/courier-world.ts';
import { START } from '../../fakes/world.ts';

const fresh = deliveryOf('kill-switch', 'pager');
const after = (ms: number) => new Date(START.getTime() + ms);
const retry: Sent = { outcome: 'retry', detail: '500' };
const tried = (delivery: Delivery, sent: Sent, now = START, random = 0.5) =>
  reported(claimed(delivery, false, now), delivery.attempts.length, { sent, tookMs: 12.4, random, now });

describe('deliveryStep', () => {
  it('sends what is new, and leaves alone what is over', () => {
    assert.deepEqual(deliveryStep(fresh, START), { do: 'send' });
    for (const status of ['acknowledged', 'failed'] as const)
      assert.deepEqual(deliveryStep({ ...fresh, status }, START), { do: 'nothing' });
  });

  it('leaves what a courier has claimed to that courier, until the claim runs out', () => {
    const taken = claimed(fresh, false, START);

    assert.deepEqual(deliveryStep(taken, after(CLAIM_MS - 1)), { do: 'wait', whose: 'another courier' });
    assert.deepEqual(deliveryStep(taken, after(CLAIM_MS)), { do: 'send' });
  });

  it('waits for the time that was drawn, and sends then', () => {
    const waiting = tried(fresh, retry);

    assert.equal(waiting.nextAttemptAt, after(500).toISOString());
    assert.deepEqual(deliveryStep(waiting, after(499)), { do: 'wait', whose: 'ours' });
    assert.deepEqual(deliveryStep(waiting, after(500)), { do: 'send' });
  });

  it('gives up after a final no, after the last try, and where the next one would be too late, and says why', () => {
    const refused = tried(fresh, { outcome: 'failed', detail: '403: no such key' });
    assert.deepEqual(deliveryStep(refused, START), { do: 'give-up', why: '403: no such key' });

    const often = Array.from({ length: 5 }).reduce<Delivery>((each) => tried(each, retry), fresh);
    assert.deepEqual(deliveryStep(often, START), { do: 'give-up', why: '5 tries: 500' });

    const late = tried(fresh, { ...retry, afterMs: 60_001 });
    assert.deepEqual(deliveryStep(late, START), { do: 'give-up', why: 'too late for another try: 500' });
    assert.deepEqual(deliveryStep(tried(fresh, { ...retry, afterMs: 60_000 }), START), { do: 'wait', whose: 'ours' });
  });

  it('makes a try that is late because nobody was there to make it', () => {
    assert.deepEqual(deliveryStep(tried(fresh, retry), after(3 * 60 * 60_000)), { do: 'send' });
  });

  it('lets what is not critical sit out a rate limit', () => {
    const limited = tried({ ...fresh, severity: 'info' }, { ...retry, afterMs: 5 * 60_000 });

    assert.deepEqual(deliveryStep(limited, after(5 * 60_000)), { do: 'send' });
  });
});

describe('an attempt', () => {
  it('counts before it is made, so that a courier that dies has tried', () => {
    const taken = claimed(fresh, false, START);

    assert.deepEqual(taken.attempts, [
      {
        at: START.toISOString(),
        tookMs: 0,
        outcome: 'retry',
        detail: 'the courier that sent it has not said what came of it',
      },
    ]);
    assert.deepEqual([taken.version, claimed(taken, true, START).version], [1, 2]);
  });

  it('keeps what the provider calls it, and no more of what it said than fits', () => {
    const { attempts } = tried(fresh, {
      outcome: 'acknowledged',
      detail: 'x'.repeat(999),
      providerId: 'y'.repeat(999),
    });

    assert.deepEqual(
      [attempts[0]?.detail.length, attempts[0]?.providerId?.length, attempts[0]?.tookMs],
      [300, 200, 12],
    );
    Delivery.parse({ ...fresh, attempts });
  });
});

describe('backoffMs', () => {
  it('draws from a ceiling that doubles up to a minute, and never less than the provider asks for, up to five', () => {
    assert.deepEqual([1, 2, 3, 6, 7, 20].map(ceilingMs), [1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (tries, random, afterMs) => {
          const wait = backoffMs(tries, random, afterMs);

          assert.ok(wait >= Math.min(afterMs, 300_000));
          assert.ok(wait <= Math.max(ceilingMs(tries), Math.min(afterMs, 300_000)));
          assert.ok(ceilingMs(tries + 1) >= ceilingMs(tries));
        },
      ),
      { seed: 6 },
    );
  });
});
