import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { StrategyId } from '../../../domain/ids.ts';
import { type KillScopePorts, killScope } from '../../../domain/kill/kill-scope.ts';
import { desks, modesOf, register } from '../../fakes/desks.ts';
import { risk, trader } from '../../fakes/world.ts';

type Desks = ReturnType<typeof desks>;
type More = { key?: string; reason?: unknown; caller?: typeof trader; ports?: Partial<KillScopePorts> };

const kill = (made: Desks, scope: unknown, { key = 'key-1', reason = 'loss', caller = trader, ports }: More = {}) =>
  killScope({ caller, scope, reason, commandId: key }, { ...made.scopePorts, ...ports });
const killedIn = (made: Desks) =>
  Object.entries(modesOf(made))
    .filter(([, mode]) => mode === 'KILLED')
    .map(([id]) => id)
    .toSorted();
const deskEntries = ({ store }: Desks) => (store.logs.get('desk') ?? []).map(({ text }) => JSON.parse(text));
const down = () => Promise.reject(new Error('down'));
const silent = () => new Promise<never>(() => undefined);
const ALL = ['btc-momentum', 'eth-momentum', 'eurusd-carry', 'fx-basis'];

describe('killScope', () => {
  for (const [scope, members] of [
    ['all', ALL],
    ['desk:crypto', ['btc-momentum', 'eth-momentum']],
    ['desk:fx', ['eurusd-carry', 'fx-basis']],
    ['venue:XSIF', ['eurusd-carry', 'fx-basis']],
    ['venue:XSIM', ['btc-momentum', 'eth-momentum', 'fx-basis']],
    [' VENUE:xsim ', ['btc-momentum', 'eth-momentum', 'fx-basis']],
  ] as const) {
    it(`kills what ${scope} covers, each in a run of its own, and nothing else`, async () => {
      const made = desks();

      const reply = await kill(made, scope);

      assert.deepEqual(killedIn(made), members);
      assert.deepEqual(reply.strategies.map(({ strategyId }) => strategyId).toSorted(), members);
      assert.deepEqual(
        made.executions.started.map(({ name }) => name).toSorted(),
        reply.strategies.map(({ runId }) => runId).toSorted(),
      );
      assert.deepEqual(new Set(made.engines.calls.map((call) => call.replace(/^halt |-\d$/g, ''))), new Set(members));
    });
  }

  it('latches the scope before any of its strategies', async () => {
    const made = desks();
    const order: string[] = [];
    const { latchScope, commit } = made.store;
    made.store.latchScope = (latch) => latchScope.call(made.store, latch).finally(() => order.push(latch.id));
    made.store.commit = (before, ...rest) => {
      order.push(before.id);
      return commit.call(made.store, before, ...rest);
    };

    const { latched } = await kill(made, 'desk:crypto');

    assert.deepEqual([latched, order[0], order.length], [true, 'desk:crypto', 3]);
  });

  it('says what is known, and records itself in the log of the desk', async () => {
    const made = desks();

    const reply = await kill(made, 'desk:fx');

    const counts = { strategies: 2, latched: 2, spooled: 0, halted: 2, halting: 0, leaseBounded: 0 };
    assert.deepEqual([reply.counts, reply.leaseBoundMs, reply.receipt?.log], [counts, 5000, 'desk']);
    assert.match(reply.summary, /^desk:fx is latched; of 2 strategies 2 are latched; 2 say they are halted/);
    const [entry] = deskEntries(made);
    assert.deepEqual(
      [entry.type, entry.actor, entry.payload.scope, entry.payload.reason, entry.payload.strategies.toSorted()],
      ['kill.scope-requested', trader.subject, 'desk:fx', 'loss', ['eurusd-carry', 'fx-basis']],
    );
  });

  it('tells each strategy in whose name it is killed', async () => {
    const made = desks();

    await kill(made, 'venue:XSIF', { reason: 'the venue is unwell' });

    const { latch } = made.store.strategies.get('fx-basis') ?? {};
    assert.deepEqual([latch?.initiatedBy, latch?.reason], [trader.subject, 'venue:XSIF: the venue is unwell']);
  });

  it('is reaffirmed by another kill, which keeps the first latch and fences every strategy again', async () => {
    const made = desks();
    await kill(made, 'all');
    const first = await made.store.get('LATCH', 'all');

    await kill(made, 'all', { key: 'key-2', caller: risk, reason: 'still' });

    assert.deepEqual(await made.store.get('LATCH', 'all'), { ...first, version: 2 });
    assert.deepEqual(made.store.storyOf('desk'), ['kill.scope-requested', 'kill.scope-reaffirmed']);
    assert.deepEqual(made.store.storyOf('fx-basis'), ['kill.requested', 'kill.reaffirmed']);
    assert.equal(made.executions.started.length, 8);
  });

  it('is reaffirmed by its own repeat later on, in the same runs', async () => {
    const made = desks();
    await kill(made, 'desk:fx');
    made.pass(1000);

    await kill(made, 'desk:fx');

    assert.deepEqual(made.store.storyOf('desk'), ['kill.scope-requested', 'kill.scope-reaffirmed']);
    assert.equal(made.executions.started.length, 2);
  });

  it('records how long the token had expired', async () => {
    const made = desks();

    await kill(made, 'desk:fx', { caller: { ...trader, expiredForMs: 7 } });

    assert.equal(deskEntries(made)[0].payload.tokenExpiredForMs, 7);
  });

  for (const scope of ['desk:equities', 'venue:', 'everything', '', undefined, 7, ['all'], { all: true }]) {
    it(`refuses ${JSON.stringify(scope)}, names the scopes there are, and touches nothing`, async () => {
      const made = desks();

      await assert.rejects(kill(made, scope), ({ code, next, facts }) => {
        assert.deepEqual(
          [code, facts.known],
          ['UnknownScope', ['all', 'desk:fx', 'venue:XSIF', 'venue:XSIM', 'desk:crypto']],
        );
        assert.match(next, /^nothing was done; there are all, /);
        return true;
      });
      assert.deepEqual([killedIn(made), made.engines.calls, deskEntries(made)], [[], [], []]);
    });
  }

  it('names twenty scopes of many, and says how many more there are', async () => {
    const made = desks();
    for (let number = 0; number < 30; number += 1) register(made, `s-${number}`, `desk-${number}`, ['XSIM']);

    await assert.rejects(kill(made, 'desk:none'), { code: 'UnknownScope', next: /, and 15 more$/ });
  });

  it('always knows everything, though nothing is registered', async () => {
    const made = desks();

    const reply = await kill(made, 'all', { ports: { registrations: async () => [] } });

    assert.deepEqual([reply.latched, reply.complete, reply.strategies], [true, true, []]);
    assert.match(reply.summary, /it covers no strategy/);
  });

  it('latches a scope that it cannot judge when the registry is away, and does not claim to have told any engine', async () => {
    const made = desks();

    const reply = await kill(made, 'desk:later', { ports: { registrations: down } });

    assert.deepEqual([reply.scope, reply.latched, reply.complete], ['desk:later', true, false]);
    assert.match(reply.summary, /no engine was told to halt, kill it again/);
    await assert.rejects(kill(made, 'later', { ports: { registrations: down } }), { code: 'UnknownScope' });
  });

  it('halts and spools every strategy when the store is down, and says that the scope is not latched', async () => {
    const made = desks();
    Object.assign(made.store, { read: down, commit: down, latchUnconditionally: down, latchScope: down, append: down });

    const reply = await kill(made, 'desk:crypto', { ports: knowing(made) });

    assert.deepEqual(
      [reply.latched, reply.counts.halted, reply.counts.spooled, reply.receipt],
      [false, 2, 2, undefined],
    );
    assert.match(reply.summary, /NOT latched[\s\S]*2 spooled[\s\S]*the desk log could not be written/);
  });

  it('waits for a latch that hangs for half a second, and for no ledger at all', async (test) => {
    const made = desks();
    Object.assign(made.store, { latchScope: silent, append: silent });
    test.mock.timers.enable({ apis: ['setTimeout'] });

    const killing = kill(made, 'all');
    await passing(test, 300);
    const early = killedIn(made);
    await passing(test, 300);
    const inTime = killedIn(made);
    await passing(test, 6_000);

    assert.deepEqual([early, inTime, (await killing).counts.latched, (await killing).latched], [[], ALL, 4, false]);
  });

  it('tells every engine of many before any transaction ends', async (test) => {
    const made = desks();
    for (let number = 0; number < 46; number += 1) register(made, `s-${number}`, 'many', ['XSIM']);
    Object.assign(made.store, { read: silent, latchUnconditionally: silent });
    made.spool.put = silent;
    test.mock.timers.enable({ apis: ['setTimeout'] });

    const { registrationOf, ...registry } = knowing(made);
    const late = async (id: StrategyId) => {
      await new Promise((resolve) => setImmediate(resolve)); // the store is busy by then
      return registrationOf(id);
    };
    const killing = kill(made, 'all', { ports: { ...registry, registrationOf: late } });
    await passing(test, 100);
    const told = made.engines.calls.length;
    await passing(test, 10_000);

    assert.equal(told, 51);
    assert.deepEqual((await killing).counts, {
      ...{ strategies: 50, latched: 0, spooled: 0, halted: 50, halting: 0, leaseBounded: 0 },
    });
  });

  it('says of which strategies an engine did not answer', async () => {
    const made = desks();
    for (const instance of ['btc-momentum-2', 'eurusd-carry-1']) made.engines.unreachable.add(instance);

    const { counts, summary } = await kill(made, 'all');

    assert.deepEqual([counts.halted, counts.halting, counts.leaseBounded], [2, 1, 1]);
    assert.match(summary, /leases bound the others within 5000 ms/);
  });

  it('goes on with the others when one kill fails altogether', async () => {
    const made = desks();
    made.store.strategies.delete('eth-momentum');
    const registrationOf: KillScopePorts['registrationOf'] = async (id) =>
      id === 'eth-momentum' ? undefined : made.store.get('REGISTRATION', id);

    const { strategies, counts } = await kill(made, 'desk:crypto', { ports: { registrationOf } });

    assert.deepEqual([counts.latched, counts.strategies], [1, 2]);
    assert.match(
      strategies.find(({ strategyId }) => strategyId === 'eth-momentum')?.detail ?? '',
      /there is no strategy eth-momentum/,
    );
  });

  it('leaves machines that it would have to keep people waiting for to the health tick', async () => {
    const made = desks();
    let ms = 0;

    const { counts } = await kill(made, 'all', { ports: { elapsedMs: () => (ms += 10_000) } });

    assert.deepEqual([counts.latched, made.executions.started], [4, []]);
  });

  it('starts no machine before the last strategy is latched', async () => {
    const made = desks();
    const order: string[] = [];
    const { commit } = made.store;
    made.store.commit = async (before, ...rest) => {
      for (let turn = 0; before.id === 'fx-basis' && turn < 20; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      order.push(`latch ${before.id}`);
      return commit.call(made.store, before, ...rest);
    };
    const start = made.executions.start.bind(made.executions);
    made.executions.start = (...args) => {
      order.push('start');
      return start(...args);
    };

    await kill(made, 'all');

    assert.deepEqual(order.slice(3), ['latch fx-basis', 'start', 'start', 'start', 'start']);
  });

  it('latches many strategies a few at a time, and halts them whoever waits', async () => {
    const made = desks();
    for (let number = 0; number < 200; number += 1) register(made, `s-${number}`, 'many', ['XSIM']);
    const [atOnce, most] = [new Set<StrategyId>(), { latching: 0 }];
    const { commit } = made.store;
    made.store.commit = async (before, ...rest) => {
      atOnce.add(before.id);
      most.latching = Math.max(most.latching, atOnce.size);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce.delete(before.id);
      return commit.call(made.store, before, ...rest);
    };

    const { counts } = await kill(made, 'desk:many');

    assert.deepEqual([counts.latched, counts.halted, made.executions.started.length], [200, 200, 200]);
    assert.ok(most.latching > 8 && most.latching <= 40, `${most.latching} at once`);
  });
});

/** The registry in memory, so that no store is asked for it. */
function knowing({ store }: Desks): Pick<KillScopePorts, 'registrations' | 'registrationOf'> {
  const all = [...store.records.values()].flatMap((each) => (each.kind === 'REGISTRATION' ? [each.record] : []));
  return { registrations: async () => all, registrationOf: async (id) => all.find((each) => each.id === id) };
}

/** Lets so many milliseconds pass, and between them whatever waits for an answer. */
async function passing({ mock }: TestContext, during: number): Promise<void> {
  for (let ms = 0; ms < during; ms += 50) {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(50);
  }
}
