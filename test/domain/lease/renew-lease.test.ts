import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { judgeRenewal } from '../../../domain/lease/judge-renewal.ts';
import type { Lease } from '../../../domain/lease/lease.ts';
import { expireLease, renewLease } from '../../../domain/lease/renew-lease.ts';
import { Mode } from '../../../domain/mode.ts';
import { RUN, START, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';

const latch = { runId: RUN, initiatedBy: trader.subject, initiatorRoles: [], reason: 'loss', at: START.toISOString() };
const instanceId = 'btc-momentum-1';

function live(mode: Mode = 'ACTIVE') {
  const made = world();
  made.flags.live = true;
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode, epoch: 3, maxOrdersPerSec: 4, run: { id: RUN } });
  const renew = (epoch = 3) =>
    renewLease(
      { clientId: 'client-btc-momentum-1', strategyId: STRATEGY, instanceId, epoch, report: { openOrders: 1 } },
      made.ports,
    );
  return { ...made, renew };
}

describe('renewLease', () => {
  it('grants what the strategy may do, for one TTL, and keeps what the engine told', async () => {
    const made = live();

    assert.deepEqual(await made.renew(), { mode: 'ACTIVE', maxOrdersPerSec: 4, epoch: 3, expiresInMs: 5000 });
    assert.deepEqual((await made.store.get('LEASE', `${STRATEGY}/${instanceId}`))?.report, { openOrders: 1 });
  });

  it('refuses a renewal that came after expiry: SAFE, a new epoch, in the ledger', async () => {
    const made = live();
    await made.renew();
    made.pass(5000);

    await assert.rejects(made.renew(), {
      name: 'LeaseExpired',
      facts: { epoch: 4, expiredAt: '2026-11-24T12:00:05.000Z', why: 'not-renewed' },
    });
    assert.deepEqual(
      [stateOf(made).mode, stateOf(made).epoch, made.store.storyOf(STRATEGY)],
      ['SAFE', 4, ['lease.expired']],
    );
    assert.equal((await made.renew(4)).mode, 'SAFE');
  });

  it('takes in a kill that waits in the spool before it grants anything, and tells the engine', async () => {
    const made = live();
    await made.renew();
    const kill = { runId: RUN, actor: trader.subject, roles: [], reason: 'loss', decidedAt: START.toISOString() };
    await made.spool.put(STRATEGY, kill);

    assert.deepEqual(await made.renew(), { mode: 'KILLED', maxOrdersPerSec: 0, epoch: 4, expiresInMs: 5000 });
    assert.deepEqual([stateOf(made).mode, made.store.storyOf(STRATEGY)], ['KILLED', ['kill.requested']]);
  });

  it('grants nothing while nobody can tell whether a kill waits, or while it cannot be taken in', async () => {
    const made = live();
    const read = made.spool.read.bind(made.spool);
    made.spool.read = () => Promise.reject(new Error('the spool is down'));
    await assert.rejects(made.renew(), /the spool is down/);
    made.spool.read = read;
    const kill = { runId: RUN, actor: trader.subject, roles: [], reason: 'loss', decidedAt: START.toISOString() };
    await made.spool.put(STRATEGY, kill);
    made.store.losing = 1000;

    await assert.rejects(made.renew(), { name: 'Contended' });

    assert.equal(await made.store.get('LEASE', `${STRATEGY}/${instanceId}`), undefined);
  });

  it('says SAFE while the flag is false or cannot be read', async () => {
    for (const flag of [false, undefined]) {
      const made = live();
      made.flags.live = flag;
      assert.deepEqual([(await made.renew()).mode, (await made.renew()).maxOrdersPerSec], ['SAFE', 0]);
    }
  });

  it('lets an instance with an older epoch reduce at most', async () => {
    assert.deepEqual(
      [(await live().renew(2)).mode, (await live('STOPPING').renew(2)).mode, (await live('STOPPING').renew(9)).mode],
      ['REDUCE_ONLY', 'REDUCE_ONLY', 'SAFE'],
    );
  });

  it('knows only registered instances, each by its own client', async () => {
    const made = live();
    const renew = (clientId: string, instance: string) =>
      renewLease({ clientId, strategyId: STRATEGY, instanceId: instance, epoch: 3, report: {} }, made.ports);

    await assert.rejects(renew('client-btc-momentum-1', 'intruder'), { name: 'UnknownInstance' });
    await assert.rejects(renew('client-btc-momentum-2', instanceId), { name: 'UnknownInstance' });
  });

  it('never grants trading while latched, or without the flag, or at another epoch, or in a mode that does not allow it', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Mode.options),
        fc.boolean(),
        fc.option(fc.boolean(), { nil: undefined }),
        fc.nat(3),
        (mode, latched, flag, epoch) => {
          const state = { ...stateOf(world()), mode, epoch: 2, maxOrdersPerSec: 4, ...(latched && { latch }) };

          const { terms } = judgeRenewal(
            state,
            { instanceId, epoch },
            { lease: undefined, live: flag, ttlMs: 5000, now: START },
          );

          const mayTrade = mode === 'ACTIVE' || mode === 'THROTTLED' || mode === 'REDUCE_ONLY'; // the last to close
          const allowed = !latched && flag === true && epoch === 2 && mayTrade;
          assert.equal(terms.maxOrdersPerSec > 0, allowed);
        },
      ),
    ));
});

describe('expireLease', () => {
  const lease = { id: `${STRATEGY}/${instanceId}`, instanceId, epoch: 3, expiresAt: START.toISOString() } as Lease;

  it('leaves a kill or a stop what it is, and does not fence what was fenced since', () => {
    const state = stateOf(live());

    assert.deepEqual(expireLease({ ...state, mode: 'STOPPING' }, lease, 'not-renewed').state.mode, 'STOPPING');
    assert.deepEqual(expireLease({ ...state, epoch: 5 }, lease, 'not-renewed').reply, { epoch: 5 });
    const { run: _none, ...idle } = state;
    assert.equal(expireLease(idle, lease, 'not-renewed').entries[0]?.run, undefined);
  });
});
