import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { StrategyId } from '../../../domain/ids.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';

const execute = (made: World, reason: unknown = 'loss', ports = killPorts(made)) =>
  executeKill({ caller: trader, strategyId: STRATEGY, reason, commandId: 'key-1' }, ports);
const down = () => Promise.reject(new Error('down'));
const silent = () => new Promise<never>(() => undefined);
const breakStore = ({ store }: World) => Object.assign(store, { read: down, commit: down, latchUnconditionally: down });

describe('executeKill', () => {
  it('latches, halts every instance, starts the machine, and says what is known', async () => {
    const made = world();

    const reply = await execute(made);

    assert.deepEqual([reply.status, reply.latched, reply.epoch, stateOf(made).mode], ['halted', true, 1, 'KILLED']);
    assert.deepEqual(
      made.executions.started.map(({ machine, name }) => [machine, name]),
      [['kill', reply.runId]],
    );
    assert.equal(reply.receipt?.index, 0);
  });

  it('still stands when an engine, or every engine, does not answer', async () => {
    const made = world();
    made.engines.unreachable.add('btc-momentum-2');
    assert.equal((await execute(made)).status, 'halting');

    made.engines.unreachable.add('btc-momentum-1');
    const { status, summary } = await execute(made);

    assert.equal(status, 'lease-bounded');
    assert.match(summary, /bounds the others within 5000 ms/);
  });

  it('stands when Step Functions is down: the machine is started later', async () => {
    const made = world();
    made.executions.down = true;

    assert.equal((await execute(made)).latched, true);
  });

  it('never loses against other writers: it latches unconditionally, and the entry waits for the next append', async () => {
    const made = world();
    made.store.losing = 1000;
    let ms = 0;

    const reply = await execute(made, 'loss', { ...killPorts(made), elapsedMs: () => (ms += 30) });

    assert.deepEqual(
      [reply.latched, reply.receipt, stateOf(made).mode, stateOf(made).pendingEntries.length],
      [true, undefined, 'KILLED', 1],
    );
  });

  it('tells what an engine threw, whatever it was', async () => {
    const made = world();
    made.engines.halt = () => Promise.reject(new Error('a socket'));

    assert.deepEqual(
      (await execute(made)).instances.map(({ detail }) => detail),
      ['a socket', 'a socket'],
    );
  });

  it('reaffirms unconditionally too', async () => {
    const made = world();
    await execute(made);
    made.store.losing = 1000;
    let ms = 0;

    await execute(made, 'again', { ...killPorts(made), elapsedMs: () => (ms += 30) });

    assert.equal(stateOf(made).pendingEntries[0]?.type, 'kill.reaffirmed');
  });

  it('pushes the halt with the store down, and does not claim to have latched', async () => {
    const made = world();
    breakStore(made);

    const reply = await execute(made);

    assert.deepEqual([reply.status, reply.latched, reply.epoch], ['halted', false, null]);
    assert.match(reply.summary, /NOT latched/);
  });

  it('latches with the registry down', async () => {
    const made = world();

    const reply = await execute(made, 'loss', {
      ...killPorts(made),
      registrationOf: () => Promise.reject(new Error('down')),
    });

    assert.deepEqual([reply.status, reply.latched, reply.leaseBoundMs], ['lease-bounded', true, 5000]);
  });

  it('latches what no registration names, and says that no engine was told', async () => {
    const made = world();

    const reply = await execute(made, 'loss', { ...killPorts(made), registrationOf: async () => undefined });

    assert.deepEqual([reply.latched, reply.instances, reply.leaseBoundMs], [true, [], 5000]);
  });

  it('refuses only an unknown strategy', async () => {
    const made = world();

    await assert.rejects(
      executeKill(
        { caller: trader, strategyId: StrategyId.parse('nobody'), reason: 'x', commandId: 'k' },
        killPorts(made),
      ),
      { name: 'UnknownStrategy' },
    );
  });

  for (const [what, broken] of [
    ['the transaction fails of something else than a race', { commit: down }],
    ['the strategy cannot be read', { read: down }],
    ['the transaction never ends', { commit: silent }],
  ] as const) {
    it(`latches by itself when ${what}, and the ledger will say why`, async (test) => {
      const made = world();
      Object.assign(made.store, broken);
      test.mock.timers.enable({ apis: ['setTimeout'] });

      const killed = execute(made);
      await passing(test);

      assert.deepEqual([(await killed).latched, stateOf(made).mode, stateOf(made).epoch], [true, 'KILLED', 1]);
      assert.match(String(stateOf(made).pendingEntries[0]?.payload['transaction']), /down|no answer within 500 ms/);
    });
  }

  it('answers with neither store nor registry: it waits for nobody beyond its deadlines', async (test) => {
    const made = world();
    Object.assign(made.store, { read: silent, latchUnconditionally: silent });
    made.spool.put = silent;
    test.mock.timers.enable({ apis: ['setTimeout'] });

    const killed = execute(made, 'loss', { ...killPorts(made), registrationOf: silent });
    await passing(test);

    const { latched, spooled, status, instances } = await killed;
    assert.deepEqual([latched, spooled, status, instances], [false, false, 'lease-bounded', []]);
  });

  it('waits for a spool that takes two seconds, since nothing else can keep it any more', async (test) => {
    const made = world();
    Object.assign(made.store, { read: silent, latchUnconditionally: silent });
    const { put } = made.spool;
    made.spool.put = async (id, kill) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return put.call(made.spool, id, kill);
    };
    test.mock.timers.enable({ apis: ['setTimeout'] });

    const killed = execute(made);
    await passing(test);

    assert.equal((await killed).spooled, true);
  });

  it('goes into the spool when the store has not answered in time, and commits nothing that comes later', async (test) => {
    const made = world();
    const read = Promise.withResolvers<ReturnType<typeof stateOf>>();
    Object.assign(made.store, { read: () => read.promise, latchUnconditionally: silent });
    test.mock.timers.enable({ apis: ['setTimeout'] });

    const killed = execute(made);
    await passing(test);
    const { latched, spooled } = await killed;
    read.resolve(stateOf(made));
    await new Promise((resolve) => setImmediate(resolve));

    assert.deepEqual([latched, spooled, stateOf(made).mode], [false, true, 'OFF']);
  });
});

/** Lets seven seconds pass, and between them whatever waits for an answer. */
async function passing({ mock }: TestContext): Promise<void> {
  for (let ms = 0; ms < 7_000; ms += 100) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(100);
  }
}
