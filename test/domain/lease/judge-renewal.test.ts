import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Expiry, judgeRenewal } from '../../../domain/lease/judge-renewal.ts';
import type { Lease } from '../../../domain/lease/lease.ts';
import { renewLease } from '../../../domain/lease/renew-lease.ts';
import { isLive, Mode } from '../../../domain/mode.ts';
import { RUN, START, STRATEGY, stateOf, world } from '../../fakes/world.ts';

const TTL_MS = 5_000;
const TEN_MINUTES = 600_000;
const instanceId = 'btc-momentum-1';
const time = (ms: number) => new Date(START.getTime() + ms);

/** Granted at START by the clock of then. */
const lease = (over: Partial<Lease> = {}): Lease => ({
  id: `${STRATEGY}/${instanceId}`,
  strategyId: STRATEGY,
  instanceId,
  epoch: 3,
  grantedMode: 'ACTIVE',
  grantedAt: START.toISOString(),
  expiresAt: time(TTL_MS).toISOString(),
  report: {},
  ...over,
});
/** Of a renewal that is judged that many ms after START, by the clock of then. */
const expiry = (ms: number, { mode = 'ACTIVE', over = {}, lapsedEpoch = null }: Told = {}): Expiry | undefined =>
  judgeRenewal(
    { ...stateOf(world()), mode, epoch: 3, maxOrdersPerSec: 4 },
    { instanceId, epoch: 3, lapsedEpoch },
    { lease: lease(over), live: true, ttlMs: TTL_MS, now: time(ms) },
  ).expired;
type Told = { mode?: Mode; over?: Partial<Lease>; lapsedEpoch?: number | null };

describe('judgeRenewal', () => {
  it('lets a stop reduce while it drains, and nothing once that is over', () => {
    const granted = (drained: boolean) =>
      judgeRenewal(
        { ...stateOf(world()), mode: 'STOPPING', epoch: 3, ...(drained && { drained: true as const }) },
        { instanceId, epoch: 3 },
        { lease: undefined, live: false, ttlMs: TTL_MS, now: START },
      ).terms.mode;

    assert.deepEqual([granted(false), granted(true)], ['REDUCE_ONLY', 'SAFE']);
  });

  it('ends a lease at its last millisecond, and not before', () => {
    assert.deepEqual([expiry(TTL_MS - 1), expiry(TTL_MS)], [undefined, 'not-renewed']);
  });

  it('takes the word of an engine that ended its lease itself, at this epoch and at no other', () => {
    const told = [2, 3, 4, null].map((lapsedEpoch) => expiry(100, { lapsedEpoch }));

    assert.deepEqual(told, [undefined, 'ended-in-engine', undefined, undefined]);
    assert.equal(expiry(100, { lapsedEpoch: 3, over: { grantedMode: 'SAFE' } }), 'ended-in-engine');
    assert.equal(expiry(100, { lapsedEpoch: 3, over: { epoch: 2 } }), undefined, 'fenced already');
  });

  it('does not end what did not trade: a strategy that is not live, or a lease that granted nothing', () => {
    for (const mode of Mode.options.filter((each) => !isLive(each)))
      assert.equal(expiry(TEN_MINUTES, { mode, lapsedEpoch: 3 }), undefined);
    assert.equal(expiry(TEN_MINUTES, { over: { grantedMode: 'SAFE' } }), undefined);
  });

  it('bears clocks of two functions that differ by a second, and no more', () => {
    assert.deepEqual([expiry(-1_000), expiry(-1_001)], [undefined, 'clock-set-back']);
  });

  it('never renews a lease across a jump of ten minutes in either direction, whenever it comes', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: TTL_MS - 1 }), fc.constantFrom(-1, 1), (ms, direction) => {
        assert.notEqual(expiry(ms + direction * TEN_MINUTES), undefined);
      }),
      { seed: 20_261_126 },
    ));
});

/** What happens to a live strategy: time passes, the clock jumps, its engine renews as if nothing had been. */
const anyStep = fc.record({
  passMs: fc.integer({ min: 0, max: 7_000 }),
  jumpMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(-TEN_MINUTES, TEN_MINUTES)),
});

/** A live strategy, and a renewal by an engine that learns each new epoch; undefined when the lease is called expired. */
function live() {
  const made = world();
  made.flags.live = true;
  const state = { ...stateOf(made), mode: 'ACTIVE' as const, epoch: 3, maxOrdersPerSec: 4, run: { id: RUN } };
  made.store.strategies.set(STRATEGY, state);
  const command = { clientId: `client-${instanceId}`, strategyId: STRATEGY, instanceId, report: {} };
  const isExpired = (error: unknown) => assert.ok(error instanceof Error && error.name === 'LeaseExpired');
  const renew = () => renewLease({ ...command, epoch: stateOf(made).epoch }, made.ports).catch(isExpired);
  return { made, renew };
}

describe('a lease over any series of renewals and jumps of the clock', () => {
  it('is not granted any more once it ran out: SAFE ever after, the epoch raised once, one entry in the ledger', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
        const { made, renew } = live();
        await renew();
        let isOver = false;

        for (const { passMs, jumpMs } of steps) {
          made.pass(passMs + jumpMs);
          const granted = await renew();
          isOver ||= passMs >= TTL_MS || jumpMs !== 0;

          const seen = [granted?.mode === 'ACTIVE', stateOf(made).epoch, made.store.storyOf(STRATEGY)];
          assert.deepEqual(seen, isOver ? [false, 4, ['lease.expired']] : [true, 3, []]);
        }
      }),
      { seed: 20_261_126 },
    ));
});
