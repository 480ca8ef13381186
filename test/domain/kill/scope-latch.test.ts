import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { change } from '../../../domain/change.ts';
import { healthTick } from '../../../domain/health-tick.ts';
import { coveringLatches } from '../../../domain/kill/covering-latches.ts';
import { killScope } from '../../../domain/kill/kill-scope.ts';
import { scopesOf } from '../../../domain/kill/scope-latch.ts';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { requestLaunch } from '../../../domain/launch/request-launch.ts';
import { renewLease } from '../../../domain/lease/renew-lease.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Registration } from '../../../domain/registration.ts';
import { desks, latched, modesOf, register, scopePorts } from '../../fakes/desks.ts';
import { sign, untilFlip } from '../../fakes/launch-steps.ts';
import { launching, REGISTRATION, RUN, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';

const TICK = { sealNow: false };
const renew = (made: World, { id, engines: [engine] }: Registration) => {
  const { clientId = '', instanceId = '' } = engine ?? {};
  const epoch = made.store.strategies.get(id)?.epoch ?? 0;
  return renewLease({ clientId, strategyId: id, instanceId, epoch, report: {} }, made.ports);
};
const launch = async (made: World, registration: Registration, key = 'launch-1') =>
  change(
    registration.id,
    { key: `${registration.id}/${key}`, body: 0 },
    async (state) => {
      const latches = await coveringLatches(registration, made.ports);
      const request = { environment: 'prod' };
      return requestLaunch(state, { caller: trader, runId: RUN, request, freezes: [], latches, now: made.clock.now });
    },
    made.ports,
  );

describe('a strategy below a killed scope', () => {
  for (const scope of ['all', 'desk:crypto', 'venue:XSIM']) {
    it(`is not launched: says that ${scope} is killed, by whom and why, and records nothing`, async () => {
      const made = desks();
      latched(made, scope);

      await assert.rejects(launch(made, REGISTRATION), {
        code: 'StrategyKilled',
        message: `btc-momentum is covered by the kill of ${scope}, by sub-trader since 2026-11-24T12:00:00.000Z: loss`,
        facts: { scope, by: 'sub-trader', since: '2026-11-24T12:00:00.000Z', reason: 'loss' },
      });
      assert.deepEqual(made.store.storyOf(STRATEGY), []);
    });
  }

  it('is launched where the scope is another one', async () => {
    const made = desks();
    latched(made, 'desk:fx');

    assert.equal((await launch(made, REGISTRATION)).reply.mode, 'LAUNCHING');
  });

  it('is neither armed nor enabled, though everything was signed before', async () => {
    const made = await launching();
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    latched(made, 'desk:crypto');

    await assert.rejects(armAndEnable(made.step, made.ports), { code: 'StrategyKilled' });

    assert.deepEqual([made.engines.calls.includes('arm btc-momentum-1'), made.flags.live], [false, false]);
  });

  it('is not enabled when the scope is killed while engines are armed', async () => {
    const made = await launching();
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    const arm = made.engines.arm.bind(made.engines);
    made.engines.arm = (...args) => {
      latched(made, 'all');
      return arm(...args);
    };

    await assert.rejects(armAndEnable(made.step, made.ports), { code: 'StrategyKilled' });

    assert.deepEqual([made.flags.live, stateOf(made).mode], [false, 'LAUNCHING']);
  });

  it('is killed by its own next lease, by the initiator of the scope and for its reason', async () => {
    const made = desks();
    const later = register(made, 'later', 'crypto', ['XSIM']);
    made.flags.live = true;
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'ACTIVE', maxOrdersPerSec: 4, run: { id: RUN } });
    latched(made, 'desk:crypto');

    const terms = [await renew(made, REGISTRATION), await renew(made, later)];

    assert.deepEqual(
      terms.map(({ mode, maxOrdersPerSec, epoch }) => [mode, maxOrdersPerSec, epoch]),
      [
        ['KILLED', 0, 1],
        ['KILLED', 0, 1],
      ],
    );
    const { latch } = stateOf(made);
    assert.deepEqual(
      [latch?.initiatedBy, latch?.initiatorRoles, latch?.reason],
      ['sub-trader', ['execution-trader'], 'desk:crypto: loss'],
    );
    assert.deepEqual(made.store.storyOf(STRATEGY), ['kill.requested']);
  });

  it('is killed once, in the run that the fan-out gives it, whoever comes first', async () => {
    const made = desks();
    latched(made, 'desk:crypto');
    await renew(made, REGISTRATION);
    await renew(made, REGISTRATION);
    const byLease = stateOf(made).latch?.runId;

    const { strategies } = await killScope(
      { caller: trader, scope: 'desk:crypto', reason: 'loss', commandId: 'key-1' },
      made.scopePorts,
    );

    const own = strategies.find(({ strategyId }) => strategyId === STRATEGY);
    assert.equal(own?.runId, byLease);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['kill.requested', 'kill.reaffirmed']);
    assert.equal((await made.store.list('RUN')).filter(({ strategyId }) => strategyId === STRATEGY).length, 1);
  });

  it('gets no lease while nobody can tell whether a scope is killed', async () => {
    const made = desks();
    const { get } = made.store;
    made.store.get = (kind, id) =>
      kind === 'LATCH' ? Promise.reject(new Error('down')) : (get.call(made.store, kind, id) as never);

    await assert.rejects(renew(made, REGISTRATION), /down/);

    assert.equal(made.store.records.has('LEASE#btc-momentum/btc-momentum-1'), false);
  });

  it('is killed by the health tick, which starts its machine, and what is killed already is left alone', async () => {
    const made = desks();
    await renewKilled(made, 'eth-momentum');
    latched(made, 'desk:crypto');

    await healthTick(TICK, made.ports);
    await healthTick(TICK, made.ports);

    assert.deepEqual(modesOf(made), {
      ...{ 'btc-momentum': 'KILLED', 'eth-momentum': 'KILLED', 'eurusd-carry': 'OFF', 'fx-basis': 'OFF' },
    });
    assert.deepEqual(
      [made.store.storyOf(STRATEGY), made.store.storyOf('eth-momentum')],
      [['kill.requested'], ['kill.requested']],
    );
    assert.deepEqual(made.executions.started.map(({ input }) => input['strategyId']).toSorted(), [
      'btc-momentum',
      'eth-momentum',
    ]);
  });

  it('is found by the health tick also when others cannot be killed, which is told', async () => {
    const made = desks();
    latched(made, 'all');
    made.store.records.delete('REGISTRATION#eth-momentum');

    await assert.rejects(healthTick(TICK, made.ports), { name: 'AggregateError', message: /eth-momentum/ });

    assert.deepEqual(modesOf(made), {
      ...{ 'btc-momentum': 'KILLED', 'eth-momentum': 'OFF', 'eurusd-carry': 'KILLED', 'fx-basis': 'KILLED' },
    });
  });
});

/** Kills one strategy by a scope of its own, which is then forgotten. */
async function renewKilled(made: World, id: string): Promise<void> {
  const registration = await made.ports.records.get('REGISTRATION', id);
  assert.ok(registration);
  latched(made, 'all');
  await renew(made, registration);
  made.store.records.delete('LATCH#all');
}

const OPERATIONS = {
  launch: (made: World, registration: Registration, number: number) => launch(made, registration, `launch-${number}`),
  renew,
  tick: (made: World) => healthTick(TICK, made.ports),
} as const;
const what = fc.record({
  operation: fc.constantFrom('launch', 'renew', 'tick'),
  on: fc.nat(3),
} as const);

describe('after the kill of a scope', () => {
  it('every strategy it covers is KILLED whatever interleaves, though the fan-out missed one, and none outside is touched', () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom('all', 'desk:crypto', 'desk:fx', 'venue:XSIM', 'venue:XSIF'),
        fc.array(what, { maxLength: 6 }),
        fc.nat(3),
        async (schedule, scope, others, missed) => {
          const made = desks();
          const all = await made.ports.records.list('REGISTRATION');
          const told = all.filter((_, index) => index !== missed);
          const covered = all.filter((each) => scopesOf(each).some((id) => id === scope));
          oneAfterTheOther(made, schedule);

          const killing = killScope(
            { caller: trader, scope, reason: 'loss', commandId: 'key-1' },
            { ...scopePorts(made), registrations: async () => told },
          ).then(() => modesOf(made));
          const racing = others.map(({ operation, on }, number) =>
            refusable(OPERATIONS[operation](made, all[on] ?? REGISTRATION, number)),
          );
          const [afterKill] = await schedule.waitFor(Promise.all([killing, ...racing]));
          await schedule.waitFor(healthTick(TICK, made.ports));

          for (const { id } of covered.filter((each) => told.includes(each))) assert.equal(afterKill[id], 'KILLED');
          assert.deepEqual(killedOf(made), covered.map(({ id }) => id).toSorted());
          for (const { id } of all.filter((each) => !covered.includes(each)))
            assert.ok(!made.store.storyOf(id).some((type) => type.startsWith('kill')));
        },
      ),
      { seed: 5, numRuns: 200 },
    ));
});

const killedOf = (made: World) =>
  Object.entries(modesOf(made))
    .filter(([, mode]) => mode === 'KILLED')
    .map(([id]) => id)
    .toSorted();

const refusable = (work: Promise<unknown>) =>
  work.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });

/** Every call of the store waits until the schedule lets it happen. */
function oneAfterTheOther({ store }: World, schedule: fc.Scheduler): void {
  const { read, commit, get, latchScope, latchUnconditionally } = store;
  const turn = () => schedule.schedule(Promise.resolve());
  store.read = (id) => turn().then(() => read.call(store, id));
  store.commit = (...args) => turn().then(() => commit.apply(store, args));
  store.latchScope = (latch) => turn().then(() => latchScope.call(store, latch));
  store.latchUnconditionally = (...args) => turn().then(() => latchUnconditionally.apply(store, args));
  store.get = (kind, id) => turn().then(() => get.call(store, kind, id)) as never; // of the kind that was asked for
}
