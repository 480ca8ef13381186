import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ActorId } from '../../../domain/ids.ts';
import { kill } from '../../../domain/kill/kill.ts';
import { type RestrictState, restrictState } from '../../../domain/ladder/restrict-state.ts';
import { restrictionOf } from '../../../domain/ladder/restriction-of.ts';
import { judgeRenewal } from '../../../domain/lease/judge-renewal.ts';
import { expireLease } from '../../../domain/lease/renew-lease.ts';
import { whyNotLive } from '../../../domain/lease/why-not-live.ts';
import { Mode, transition } from '../../../domain/mode.ts';
import { requestStop } from '../../../domain/stop/request-stop.ts';
import { type Strategy, Strategy as StrategyItem } from '../../../domain/strategy.ts';
import { RUN, START, stateOf, trader } from '../../fakes/world.ts';
import { aLiveStrategy, renewed } from './a-live-strategy.ts';

const NOW = START;
const by = fc.constantFrom(...['sub-trader', 'service:watchdog'].map((each) => ActorId.parse(each)));
const anyHold = fc.record({
  to: fc.constantFrom('THROTTLED' as const, 'REDUCE_ONLY' as const),
  ordersPerSec: fc.option(fc.double({ min: 0, max: 12, noNaN: true }), { nil: undefined }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  cause: fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    reason: fc.constant('x'),
    by,
    at: fc.constant(NOW.toISOString()),
  }),
  now: fc.constant(NOW),
}) satisfies fc.Arbitrary<RestrictState>;

/** From risky to safe: what does not trade is safest. */
const height = ({ mode }: Pick<Strategy, 'mode'>) => ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY'].indexOf(mode);
const live = (): Strategy => stateOf(aLiveStrategy());
const held = (holds: readonly RestrictState[], from: Strategy): Strategy =>
  holds.reduce((state, hold) => restrictState(state, hold).state, from);
const lease = { leaseTtlMs: 5_000, live: true };
const granted = (state: Strategy, epoch = state.epoch) =>
  judgeRenewal(
    state,
    { instanceId: 'btc-momentum-1', epoch },
    { lease: undefined, live: lease.live, ttlMs: lease.leaseTtlMs, now: NOW },
  ).terms;

describe('the mode ladder under any series of throttles and reductions', () => {
  it('never goes up and never raises a rate, whoever asks for whatever, and remembers the approved rate', () =>
    fc.assert(
      fc.property(fc.array(anyHold, { maxLength: 12 }), anyHold, (holds, last) => {
        const before = held(holds, live());
        const after = restrictState(before, last).state;

        assert.ok(height(after) >= height(before) && after.maxOrdersPerSec <= before.maxOrdersPerSec);
        assert.ok(StrategyItem.safeParse(after).success, 'it can be stored');
        const restriction = restrictionOf(after);
        assert.equal(restriction === undefined, after.mode === 'ACTIVE');
        if (restriction)
          assert.deepEqual(
            [restriction.approvedOrdersPerSec, restriction.maxOrdersPerSec, restriction.mode],
            [4, after.maxOrdersPerSec, after.mode],
          );
      }),
      { seed: 20_261_126 },
    ));

  it('grants no lease more than that, and a closing rate only to what reduces at its own epoch', () =>
    fc.assert(
      fc.property(fc.array(anyHold, { minLength: 1, maxLength: 6 }), (holds) => {
        const state = held(holds, live());

        assert.deepEqual([granted(state).mode, granted(state).maxOrdersPerSec], [state.mode, state.maxOrdersPerSec]);
        const older = granted(state, state.epoch - 1);
        assert.deepEqual([older.mode, older.maxOrdersPerSec], ['REDUCE_ONLY', 0]);
      }),
      { seed: 20_261_126 },
    ));

  it('leaves nothing of it behind once the strategy is killed, stopped or without a lease', () =>
    fc.assert(
      fc.property(fc.array(anyHold, { minLength: 1, maxLength: 6 }), (holds) => {
        const state = held(holds, live());
        const ended = [
          kill(state, { actor: trader.subject, roles: ['execution-trader'], reason: 'x', runId: RUN, now: NOW }).state,
          requestStop(state, { caller: trader, runId: RUN, request: {}, under: undefined, now: NOW }).state,
          expireLease(state, { id: 'x', epoch: 3, instanceId: 'x', expiresAt: '' } as never, 'not-renewed').state,
        ];

        assert.deepEqual(
          ended.map(({ mode, restriction }) => [mode, restriction]),
          ['KILLED', 'STOPPING', 'SAFE'].map((mode) => [mode, undefined]),
        );
      }),
      { seed: 20_261_126 },
    ));

  it('ignores what a kill that could not be sealed has left behind, in every mode that is not held back', () => {
    const restricted = held(
      [
        {
          to: 'THROTTLED',
          share: 0.5,
          cause: { id: 'a', reason: 'x', by: trader.subject, at: NOW.toISOString() },
          now: NOW,
        },
      ],
      live(),
    );

    for (const mode of Mode.options)
      assert.equal(restrictionOf({ ...restricted, mode }) === undefined, transition(mode, 'lift') !== 'ACTIVE');
  });
});

describe('whyNotLive', () => {
  it('takes what is throttled right after it went live for live, once its lease says so', async () => {
    const made = aLiveStrategy();
    const digest = `sha256:${'a'.repeat(64)}` as never;
    const state = {
      ...held(
        [
          {
            to: 'THROTTLED',
            share: 0.5,
            cause: { id: 'a', reason: 'x', by: trader.subject, at: NOW.toISOString() },
            now: NOW,
          },
        ],
        live(),
      ),
      ...{ artifactDigest: digest, limitsDigest: digest, parametersDigest: digest },
    };
    const why = async (mode: 'ACTIVE' | 'THROTTLED') => {
      await renewed(made, mode, mode);
      const stored = await made.store.get('LEASE', 'btc-momentum/btc-momentum-1');
      const report = { artifactDigest: digest, limitsDigest: digest, parametersDigest: digest };
      return whyNotLive('btc-momentum-1', stored && { ...stored, report }, state, made.clock.now);
    };

    assert.deepEqual(
      [await why('ACTIVE'), await why('THROTTLED')],
      [['btc-momentum-1 holds a lease as ACTIVE, not THROTTLED'], []],
    );
  });
});
