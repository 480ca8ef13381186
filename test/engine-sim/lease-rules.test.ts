import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { arm, halt, setMode, throttle } from '../../engine-sim/engine/command-rules.ts';
import {
  type EngineState,
  FRESH,
  type Instant,
  TRADING_MODES,
  type TradingMode,
} from '../../engine-sim/engine/engine-state.ts';
import { expire, inForce, type LeaseTerms, loseLease, takeLease } from '../../engine-sim/engine/lease-rules.ts';

const artifactDigest = `sha256:${'a'.repeat(64)}`;
const limitsDigest = `sha256:${'b'.repeat(64)}`;
const loaded = { artifactDigest, limitsDigest, parametersDigest: artifactDigest, parameters: {}, limits: {} };
const at = (elapsed: number, wall = elapsed): Instant => ({ elapsed, wall });
const terms = (over: Partial<LeaseTerms> = {}): LeaseTerms => ({
  mode: 'ACTIVE',
  maxOrdersPerSec: 10,
  epoch: 3,
  expiresInMs: 5_000,
  ...over,
});
const armCommand = (epoch = 3, commandId = 'arm-1') => ({
  strategyId: 's',
  epoch,
  commandId,
  runId: 'r',
  artifactDigest,
  limitsDigest,
  maxOrdersPerSec: 8,
});

/** Armed at epoch 3 by a lease sent at 0, and granted ACTIVE by one sent at 100. */
const trading = (): EngineState => {
  const leased = takeLease({ ...FRESH, loaded }, at(0), terms({ mode: 'LAUNCHING' }), at(10));
  return takeLease(arm(leased, armCommand(), at(50)), at(100), terms(), at(110));
};

describe('the lease rules', () => {
  it('let an armed instance trade inside a granted lease, at the lower of the two rates', () => {
    assert.deepEqual(inForce(trading(), at(110)), { mode: 'ACTIVE', maxOrdersPerSec: 8 });
  });

  it('count from when the request was sent, to the millisecond', () => {
    assert.equal(inForce(trading(), at(5_099)).mode, 'ACTIVE');
    assert.equal(inForce(trading(), at(5_100)).mode, 'SAFE');
  });

  it('drop a reply that arrives when its lease is over already', () => {
    const late = takeLease(trading(), at(200), terms({ mode: 'SAFE' }), at(5_200));

    assert.equal(late.armedEpoch, null, 'the older lease is over by then');
    assert.equal(late.lease, null);
  });

  it('drop a reply to an older request than the one that was answered', () => {
    const state = takeLease(trading(), at(300), terms({ mode: 'REDUCE_ONLY' }), at(310));

    assert.equal(inForce(takeLease(state, at(200), terms(), at(320)), at(330)).mode, 'REDUCE_ONLY');
  });

  it('read every mode they do not know as SAFE', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('OFF', 'LAUNCHING', 'STOPPING', 'KILLED', 'active', '__proto__')),
        (mode) => {
          fc.pre(!TRADING_MODES.some((known) => known === mode));
          assert.equal(inForce(takeLease(trading(), at(200), terms({ mode }), at(210)), at(220)).mode, 'SAFE');
        },
      ),
    ));

  it('let an instance that was armed for an earlier epoch at most reduce', () => {
    assert.equal(inForce(takeLease(trading(), at(200), terms({ epoch: 4 }), at(210)), at(220)).mode, 'REDUCE_ONLY');
  });

  it('read a rate of 0 as stop in every mode', () => {
    for (const mode of TRADING_MODES) {
      assert.equal(
        inForce(takeLease(trading(), at(200), terms({ mode, maxOrdersPerSec: 0 }), at(210)), at(220)).maxOrdersPerSec,
        0,
      );
    }
  });

  it('go SAFE on a lease called expired, unless that is about an earlier epoch', () => {
    assert.equal(inForce(loseLease(trading(), 3), at(120)).mode, 'SAFE');
    assert.equal(loseLease(trading(), 9).epoch, 9);
    assert.equal(inForce(loseLease(trading(), 2), at(120)).mode, 'ACTIVE');
  });

  it('never extend a lease by a jump of the wall clock, in either direction', () =>
    fc.assert(
      fc.property(fc.integer({ min: 5_100, max: 1e9 }), fc.integer({ min: -1e12, max: 1e12 }), (elapsed, jump) => {
        assert.equal(inForce(trading(), at(elapsed, elapsed + jump)).mode, 'SAFE');
      }),
    ));

  it('end a lease when the monotonic clock stood still while the machine slept', () => {
    assert.equal(inForce(trading(), at(120, 60_000)).mode, 'SAFE');
  });

  it('never let a lower epoch win', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ epoch: fc.nat(12), sent: fc.nat(4_000), mode: fc.constantFrom(...TRADING_MODES) })),
        (replies) => {
          let state = trading();
          for (const { epoch, sent, mode } of replies) {
            const before = state.epoch;
            state = takeLease(state, at(sent), terms({ epoch, mode }), at(4_100));
            assert.ok(state.epoch >= before);
            if (epoch < before) assert.notEqual(state.lease?.epoch, epoch);
          }
        },
      ),
    ));

  it('never re-arm by anything but arm, whatever comes', () =>
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyEvent, { maxLength: 40 }), (byHalt, events) => {
        const stopped = byHalt ? halt(trading(), { epoch: 3, reason: 'x' }, at(200)) : expire(trading(), at(6_000));
        let [state, elapsed] = [stopped, 6_000];
        for (const { apply, after } of events) {
          elapsed += after;
          state = apply(state, elapsed);
          assert.equal(inForce(state, at(elapsed)).mode, 'SAFE');
          assert.equal(state.armedEpoch, null);
        }
      }),
    ));
});

/** Everything that can reach an engine, but arm. Refusals leave the state as it was. */
const anyEvent = fc
  .record({
    kind: fc.constantFrom('lease', 'late lease', 'expired', 'mode', 'throttle', 'time'),
    epoch: fc.integer({ min: 3, max: 9 }),
    after: fc.nat(2_000),
    mode: fc.constantFrom(...TRADING_MODES),
  })
  .map(({ kind, epoch, after, mode }) => ({
    after,
    apply: (state: EngineState, elapsed: number): EngineState => {
      const command = { strategyId: 's', epoch: Math.max(epoch, state.epoch), commandId: 'c' };
      if (kind === 'lease')
        return takeLease(state, at(elapsed - 5), terms({ epoch: command.epoch, mode }), at(elapsed));
      if (kind === 'late lease')
        return takeLease(state, at(elapsed - 6_000), terms({ epoch: command.epoch, mode }), at(elapsed));
      if (kind === 'expired') return loseLease(state, command.epoch);
      if (kind === 'mode') return setMode(state, { ...command, mode }, at(elapsed));
      if (kind === 'throttle') return throttle(state, { ...command, maxOrdersPerSec: 99 }, at(elapsed));
      return expire(state, at(elapsed));
    },
  }));

describe('the commands', () => {
  const halted = (epoch: number) => halt(trading(), { epoch, reason: 'fat finger' }, at(200, 1_767_623_400_000));

  it('halt from any state at any epoch, and keep the first moment', () =>
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), (first, second) => {
        const once = halted(first);
        const twice = halt(once, { epoch: second, reason: 'again' }, at(300, 1_767_623_500_000));
        assert.equal(inForce(twice, at(310)).mode, 'SAFE');
        assert.equal(twice.epoch, Math.max(3, first, second));
        assert.deepEqual([twice.halt?.at, twice.halt?.reason], ['2026-01-05T14:30:00.000Z', 'fat finger']);
        assert.ok((twice.halt?.armFrom ?? 0) >= (once.halt?.armFrom ?? 0));
      }),
    ));

  it('fence the present epoch when the halt came from somebody who knew less', () => {
    assert.throws(() => arm(halted(0), armCommand(3, 'another'), at(210)), { code: 'StaleEpoch' });
    assert.equal(arm(halted(0), armCommand(4, 'another'), at(210)).armedEpoch, 4);
  });

  it('let a new run arm at the epoch of a halt that named it, but not the run that was halted', () => {
    assert.equal(arm(halted(3), armCommand(3, 'another'), at(210)).halt, null);
    assert.throws(() => arm(halted(3), armCommand(3), at(210)), { code: 'AlreadyArmed' });
  });

  it('refuse to arm at a lower epoch, without a lease, after it ended, or for what is not loaded', () => {
    const leased = takeLease({ ...FRESH, loaded }, at(0), terms({ mode: 'LAUNCHING' }), at(10));

    assert.throws(() => arm(leased, armCommand(2), at(20)), { code: 'StaleEpoch' });
    assert.throws(() => arm({ ...FRESH, loaded }, armCommand(), at(20)), { code: 'NoLease' });
    assert.throws(() => arm(leased, armCommand(), at(5_000)), { code: 'NoLease' });
    assert.throws(() => arm({ ...leased, loaded: null }, armCommand(), at(20)), { code: 'NotLoaded' });
  });

  it('arm without granting anything until a lease that was asked for afterwards', () => {
    const leased = takeLease({ ...FRESH, loaded }, at(0), terms(), at(10));
    const armed = arm(leased, armCommand(), at(20));

    assert.equal(inForce(armed, at(20)).mode, 'SAFE');
    assert.equal(inForce(takeLease(armed, at(30), terms(), at(40)), at(40)).mode, 'ACTIVE');
  });

  it('hold a pushed mode and rate until a lease that was asked for later', () => {
    const command = { strategyId: 's', epoch: 3, commandId: 'c' };
    const pushed = throttle(
      setMode(trading(), { ...command, mode: 'REDUCE_ONLY' }, at(200)),
      { ...command, maxOrdersPerSec: 1 },
      at(200),
    );

    const before = takeLease(pushed, at(190), terms(), at(210));
    const after = takeLease(pushed, at(201), terms(), at(210));

    assert.deepEqual(inForce(before, at(220)), { mode: 'REDUCE_ONLY', maxOrdersPerSec: 1 });
    assert.deepEqual(inForce(after, at(220)), { mode: 'ACTIVE', maxOrdersPerSec: 8 });
  });

  it('at a higher epoch let a pushed mode only reduce, under the lease that is held and no longer than that', () => {
    const pushed = (mode: TradingMode) =>
      setMode(trading(), { strategyId: 's', epoch: 4, commandId: 'c', mode }, at(200));

    assert.deepEqual(
      TRADING_MODES.map((mode) => inForce(pushed(mode), at(210)).mode),
      TRADING_MODES.map((mode) => (mode === 'SAFE' ? 'SAFE' : 'REDUCE_ONLY')),
    );
    assert.equal(inForce(pushed('REDUCE_ONLY'), at(5_099)).mode, 'REDUCE_ONLY');
    assert.equal(inForce(pushed('REDUCE_ONLY'), at(5_100)).mode, 'SAFE');
    const late = takeLease(pushed('REDUCE_ONLY'), at(190), terms({ epoch: 3 }), at(220));
    assert.equal(inForce(late, at(230)).mode, 'REDUCE_ONLY');
  });

  it('do not bring a lease back that did not count any more', () => {
    const command = { strategyId: 's', commandId: 'c' };
    const elsewhere = throttle(trading(), { ...command, epoch: 4, maxOrdersPerSec: 5 }, at(200));

    const pushed = setMode(elsewhere, { ...command, epoch: 5, mode: 'ACTIVE' }, at(210));

    assert.deepEqual([inForce(elsewhere, at(205)).mode, inForce(pushed, at(220)).mode], ['SAFE', 'SAFE']);
  });

  it('never grant more by a pushed mode or rate than the lease does', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...TRADING_MODES),
        fc.constantFrom(...TRADING_MODES),
        fc.nat(100),
        (leased, pushed, rate) => {
          const command = { strategyId: 's', epoch: 3, commandId: 'c' };
          const state = takeLease(trading(), at(150), terms({ mode: leased }), at(160));
          const both = throttle(
            setMode(state, { ...command, mode: pushed }, at(200)),
            { ...command, maxOrdersPerSec: rate },
            at(200),
          );
          const { mode, maxOrdersPerSec } = inForce(both, at(210));
          assert.ok(TRADING_MODES.indexOf(mode) >= TRADING_MODES.indexOf(leased));
          assert.ok(maxOrdersPerSec <= inForce(state, at(210)).maxOrdersPerSec);
        },
      ),
    ));
});
