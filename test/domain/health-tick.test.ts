import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordRefusal } from '../../domain/access/record-refusal.ts';
import { DUTIES } from '../../domain/health/duties.ts';
import type { Duty } from '../../domain/health/sweep.ts';
import { HealthTick, healthTick } from '../../domain/health-tick.ts';
import { ActorId, RunId, StrategyId } from '../../domain/ids.ts';
import { Refusal } from '../../domain/refusal.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { RUN, risk, START, STRATEGY, stateOf, trader, type World, world } from '../fakes/world.ts';

const latch = {
  runId: RUN,
  initiatedBy: trader.subject,
  initiatorRoles: [],
  reason: 'loss',
  at: START.toISOString(),
};

const recorded = {
  strategyId: StrategyId.parse('btc-momentum'),
  epoch: 3,
  status: 'RUNNING' as const,
  requestedBy: trader.subject,
  startedAt: START.toISOString(),
  request: {},
  summary: 'asked for',
};

const tick = (made: World, event: unknown = {}) => healthTick(HealthTick.parse(event), made.ports);
const spooled = {
  runId: RUN,
  actor: trader.subject,
  roles: trader.roles,
  reason: 'loss',
  decidedAt: START.toISOString(),
};
const refused = (made: World) =>
  recordRefusal(trader, { method: 'POST', path: '/v1/x' }, new Refusal('WrongRole', 'no', 'ask'), made.ports);

describe('healthTick', () => {
  it('starts the machine of a kill that could only latch, once, and notes its time', async () => {
    const made = world();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch });

    assert.equal((await tick(made)).summary, '1 machines resumed, 0 refusals sealed');
    assert.equal((await tick(made)).summary, '0 machines resumed, 0 refusals sealed');
    assert.equal((await made.store.get('TICK', 'health'))?.at, START.toISOString());
  });

  it('leaves a kill alone that two people know of, and what is not killed', async () => {
    const made = world();
    const id = StrategyId.parse('killed');
    const confirmed = { ...latch, confirmedBy: ActorId.parse(risk.subject) };
    made.store.strategies.set(id, { ...newStrategy(id), mode: 'KILLED', latch: confirmed });

    assert.equal((await tick(made)).summary, '0 machines resumed, 0 refusals sealed');
    assert.deepEqual(made.executions.started, []);
  });

  it('starts every recorded kill, stop and safe mode that has no execution, under its own name, and no launch or recovery', async () => {
    const made = world();
    for (const machine of ['kill', 'stop', 'safe-mode', 'launch', 'recover'] as const) {
      const record = { ...recorded, id: RunId.parse(`${machine}-1`), machine };
      await made.store.put({ kind: 'RUN', record });
      await made.store.put({
        kind: 'RUN',
        record: { ...record, id: RunId.parse(`${machine}-0`), status: 'SUCCEEDED' },
      });
    }

    const { summary } = await tick(made);

    assert.equal(summary, '3 machines resumed, 0 refusals sealed');
    assert.deepEqual(
      made.executions.started.map(({ machine, name, input }) => [machine, name, input]).toSorted(),
      ['kill', 'safe-mode', 'stop'].map((machine) => [
        machine,
        `${machine}-1`,
        { strategyId: 'btc-momentum', runId: `${machine}-1`, epoch: 3 },
      ]),
    );
  });

  it('takes in a kill that waits in the spool, and starts its machine', async () => {
    const made = world();
    await made.spool.put(STRATEGY, spooled);

    assert.match((await tick(made)).summary, /^1 machines resumed/);

    assert.deepEqual([stateOf(made).mode, made.executions.started.map(({ name }) => name)], ['KILLED', [RUN]]);
  });

  it('seals the refusals of minutes that are over, five seconds after their end', async () => {
    const made = world();
    await refused(made);
    made.pass(64_000);
    assert.match((await tick(made)).summary, /0 refusals sealed/);
    made.pass(1_001);

    assert.match((await tick(made)).summary, /1 refusals sealed/);

    assert.deepEqual(made.store.storyOf('access'), ['access.refused']);
  });

  it('seals those of the minute under way for whoever cannot wait, and takes any other event for the usual one', async () => {
    const made = world();
    await refused(made);
    for (const event of [{ sealNow: 'yes' }, 'junk', null, { scheduledTime: '2020-01-01T00:00:00Z' }])
      assert.match((await tick(made, event)).summary, /0 refusals sealed/);

    assert.match((await tick(made, { sealNow: true })).summary, /1 refusals sealed/);
  });

  it('does everything else when one part of it fails, and tells what failed', async () => {
    const made = world();
    const down = (what: string) => () => Promise.reject(new Error(`${what} is down`));
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', latch });
    Object.assign(made.spool, { read: down('the spool') });
    Object.assign(made.store, { due: down('the list') });

    await assert.rejects(tick(made), {
      name: 'AggregateError',
      message: 'Error: the spool is down; Error: the list is down',
    });

    assert.equal(made.executions.started.length, 1);
    assert.equal((await made.store.get('TICK', 'health'))?.at, START.toISOString());
  });
});

describe('the duties of the health tick', () => {
  const done = async () => ({});
  const hangs = () => new Promise<never>(() => undefined);
  const sweep = async (duties: readonly Duty[], lastsMs = 30) => {
    const made = world();
    const lines: Record<string, unknown>[] = [];
    Object.assign(made.ports, { log: (line: Record<string, unknown>) => lines.push(line) });
    const said = await healthTick({ sealNow: false }, made.ports, { duties, lastsMs }).catch((error: Error) => error);
    return { said, line: lines[0] };
  };
  const duty = (name: string, perform: Duty['perform'], patienceMs = 10): Duty => ({ name, patienceMs, perform });

  for (const [how, perform] of [
    ['fails', () => Promise.reject(new Error('torn'))],
    ['throws before it begins', () => assert.fail('torn')],
    ['hangs', hangs],
  ] as const)
    it(`are all done when any one of them ${how}, which is told by its name`, async () => {
      for (const at of [0, 1, 2]) {
        const ran: string[] = [];
        const began = performance.now();
        const others = ['one', 'two'].map((name) => duty(name, async () => ({ count: ran.push(name) })));

        const { said, line } = await sweep(others.toSpliced(at, 0, duty('sick', perform)));

        assert.ok(performance.now() - began < 5_000, 'nobody waits for what hangs');
        assert.ok(said instanceof AggregateError);
        assert.deepEqual([ran, line?.['failed']], [['one', 'two'], ['sick']]);
        assert.match(said.message, how === 'hangs' ? /'sick' has not ended/ : /torn/);
      }
    });

  it('go on late beside the others, and are no fault when they end before the sweep does', async () => {
    const order: string[] = [];
    const slow = Promise.withResolvers<object>();
    const first = duty('slow', () => slow.promise.then(() => ({ count: order.push('slow') })), 1);
    const second = duty('quick', async () => ({ count: order.push('quick') }));
    const last = duty('last', async () => {
      slow.resolve({});
      return {};
    });

    const { said, line } = await sweep([first, second, last], 5_000);

    assert.deepEqual(order, ['quick', 'slow']);
    assert.deepEqual([line?.['late'], line?.['failed']], [['slow'], []]);
    assert.deepEqual(Object.keys(Object(line)['tookMs']), ['slow', 'quick', 'last']);
    assert.ok(!(said instanceof Error));
  });

  it('hand on what they made of the strategies', async () => {
    const seen: number[] = [];
    const look = duty('look', async ({ strategies }) => ({ count: seen.push(strategies.length) }));

    await sweep([look, duty('take away', async () => ({ strategies: [] })), look, duty('nothing', done), look]);

    assert.deepEqual(seen, [1, 0, 0]);
  });

  it('are each waited for so briefly that all of them begin within one sweep, and have names of their own', () => {
    const patience = DUTIES.reduce((sum, { patienceMs }) => sum + patienceMs, 0);

    assert.ok(patience < 46_000, `${patience} ms`);
    assert.equal(new Set(DUTIES.map(({ name }) => name)).size, DUTIES.length);
  });
});
