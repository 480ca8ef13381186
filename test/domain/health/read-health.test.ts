import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Alert } from '../../../domain/alert/alert.ts';
import { HEALTH_CHECKS, type HealthCheck } from '../../../domain/health/health-item.ts';
import { readHealth } from '../../../domain/health/read-health.ts';
import { RunId } from '../../../domain/ids.ts';
import { Lease } from '../../../domain/lease/lease.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { healthyWorld } from '../../fakes/healthy-world.ts';
import { RUN, risk, START, STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';

const MINUTE = 60_000;
const of = async (made: World, check: HealthCheck) => {
  const found = (await readHealth(made.ports)).checks.find((each) => each.check === check);
  return found && [found.status, found.value, found.detail];
};
const hang = () => new Promise<never>(() => undefined);
const desk = LogId.parse('desk');

describe('readHealth', () => {
  it('is ok where everything is, and says of each check what it measured, its limit, and what to do', async () => {
    const made = await healthyWorld();

    const { status, checks } = await readHealth(made.ports);

    assert.equal(status, 'ok');
    assert.deepEqual(
      checks.filter((each) => each.status !== 'ok' || each.value === null || each.next.length < 20),
      [],
    );
    assert.deepEqual(
      checks.map(({ check }) => check),
      HEALTH_CHECKS,
    );
  });

  it('answers whatever cannot be read, and counts that as bad', async () => {
    const made = await healthyWorld();
    const away = () => Promise.reject(new Error('away'));
    Object.assign(made.store, { list: away, all: away });
    Object.assign(made.ports, { outsideTime: () => Promise.reject('nobody there') });

    const { status, checks, alertBudget } = await readHealth(made.ports);

    const known = checks.filter((each) => each.status !== 'unknown').map(({ check }) => check);
    assert.deepEqual(known, ['watchdog', 'health tick', 'thresholds']);
    assert.deepEqual([status, alertBudget], ['bad', null]);
    assert.deepEqual(await of(made, 'clock'), ['unknown', null, 'cannot be read: nobody there']);
  });

  it('waits for nobody who hangs', async () => {
    const made = await healthyWorld();
    Object.assign(made.ports, { outsideTime: hang });

    const { checks } = await readHealth(made.ports, 20);

    assert.deepEqual(
      checks.filter(({ status }) => status !== 'ok').map(({ check, detail }) => [check, detail]),
      [['clock', 'cannot be read: no answer within 20 ms']],
    );
  });

  it('is bad for a watchdog or a sweep that does not run, or never did, and takes no time to come for an old one', async () => {
    const made = await healthyWorld();
    made.clock.now = new Date(START.getTime() - 500);
    assert.deepEqual(await of(made, 'watchdog'), ['ok', 0, 'looked at every strategy 0 s ago']);
    made.clock.now = new Date(START.getTime() + 4_000);
    assert.deepEqual(await of(made, 'watchdog'), ['warn', 4_000, 'looked at every strategy 4 s ago']);
    made.clock.now = new Date(START.getTime() + 10_001);
    assert.deepEqual(await of(made, 'watchdog'), ['bad', 10_001, 'looked at every strategy 10 s ago']);
    made.clock.now = new Date(START.getTime() + 151_000);
    assert.deepEqual(await of(made, 'health tick'), ['bad', 151_000, 'ran 151 s ago']);
    made.store.records.delete('TICK#health');
    assert.deepEqual(await of(made, 'health tick'), ['bad', null, 'has not run yet']);
  });

  it('tells how long the store took', async () => {
    const made = await healthyWorld();
    let elapsed = 0;
    Object.assign(made.ports, { elapsedMs: () => (elapsed += 1_500) });

    assert.deepEqual(await of(made, 'store'), ['warn', 1_500, '1 strategies read in 1500 ms']);
  });

  it('says of which strategy a kill waits, in the spool or in its item, and is bad until it is taken in', async () => {
    const made = await healthyWorld();
    assert.deepEqual(await of(made, 'kill spool'), ['ok', 0, 'empty']);
    const kill = { runId: RUN, actor: trader.subject, roles: [], reason: 'loss', decidedAt: START.toISOString() };
    await made.spool.put(STRATEGY, kill);
    const entry = { type: 'kill.requested', actor: trader.subject, payload: {}, at: START.toISOString() };
    made.store.strategies.set(STRATEGY, { ...stateOf(made), pendingEntries: [entry] });

    assert.deepEqual(await of(made, 'kill spool'), ['bad', 1, 'a kill of btc-momentum waits for the store']);
    assert.deepEqual(await of(made, 'pending entries'), ['bad', 1, 'entries of kills are pending for btc-momentum']);
  });

  it('counts how long the oldest entry without a signature waits, not how old the checkpoint is', async () => {
    const made = await healthyWorld();
    made.pass(3_600_000);
    await made.store.append(desk, [{ type: 'a.b', actor: trader.subject, payload: {} }], made.clock.now);
    await made.store.append(
      LogId.parse('access'),
      [{ type: 'a.b', actor: trader.subject, payload: {} }],
      made.clock.now,
    );
    made.pass(90_000);
    const words = '2 entries of 2 logs are not signed yet, the oldest for';
    assert.deepEqual(await of(made, 'ledger lag'), ['ok', 90_000, `${words} 90 s`]);
    made.pass(31_000);
    assert.deepEqual(await of(made, 'ledger lag'), ['warn', 121_000, `${words} 121 s`]);
    made.pass(180_000);
    assert.deepEqual(await of(made, 'ledger lag'), ['bad', 301_000, `${words} 301 s`]);
  });

  it('tells the age of each checkpoint, oldest first, and is bad where one covers more than its log holds', async () => {
    const made = await healthyWorld();
    made.pass(2_000);
    assert.deepEqual(await of(made, 'checkpoints'), ['ok', 0, 'newest of each log: desk 2 s old at 1']);
    for (let index = 0; index < 6; index += 1) {
      const id = LogId.parse(`other-${index}`);
      made.store.strategies.set(`${id}` as typeof STRATEGY, { ...stateOf(made), id: `${id}` as typeof STRATEGY });
      await made.store.put({ kind: 'CHECKPOINT', record: { id, size: 0, at: START.toISOString() } });
    }
    assert.match(
      String((await of(made, 'checkpoints'))?.[2]),
      /^newest of each log: (\S+ 2 s old at \d, ){5}and 2 newer$/,
    );

    await made.store.put({ kind: 'CHECKPOINT', record: { id: desk, size: 2, at: START.toISOString() } });
    assert.deepEqual(await of(made, 'checkpoints'), ['bad', 1, 'signed beyond their end: desk']);
    made.store.records.clear();
    assert.equal((await of(made, 'checkpoints'))?.[2], 'newest of each log: none yet');
  });

  it('believes the log itself where a list of strategies lags behind its checkpoint', async () => {
    const made = await healthyWorld();
    await made.store.commit(
      stateOf(made),
      { state: stateOf(made), entries: [{ type: 'a.b', actor: risk.subject, payload: {} }], reply: undefined },
      START,
    );
    const id = LogId.parse(STRATEGY);
    await made.store.put({ kind: 'CHECKPOINT', record: { id, size: 1, at: START.toISOString() } });
    const lagging = [{ ...stateOf(made), ledgerSize: 0 }];
    Object.assign(made.ports, { strategies: { ...made.ports.strategies, list: async () => lagging } });

    assert.deepEqual((await of(made, 'checkpoints'))?.slice(0, 2), ['ok', 0]);
    lagging[0] = { ...stateOf(made), id: 'gone' as typeof STRATEGY, ledgerSize: 0 };
    await made.store.put({ kind: 'CHECKPOINT', record: { id: LogId.parse('gone'), size: 1, at: START.toISOString() } });
    assert.deepEqual((await of(made, 'checkpoints'))?.slice(0, 2), ['bad', 1]);
  });

  it('compares its clock with one outside, which tells whole seconds, and with those of engines that hold a lease', async () => {
    const made = await healthyWorld();
    const outside = (ms: number) =>
      Object.assign(made.ports, { outsideTime: async () => new Date(START.getTime() + ms) });
    outside(-1_000);
    assert.deepEqual(await of(made, 'clock'), ['ok', 0, 'as the outside world']);
    outside(-2_600);
    assert.deepEqual(await of(made, 'clock'), ['warn', 1_600, '1600 ms ahead']);
    outside(Number.NaN);
    assert.deepEqual((await of(made, 'clock'))?.slice(0, 2), ['unknown', null]);
    outside(4_000);
    assert.deepEqual(await of(made, 'clock'), ['bad', 4_000, '4000 ms behind']);

    assert.deepEqual(await of(made, 'engine clocks'), ['ok', 0, 'no engine that holds a lease tells its time']);
    await leased(made, 'btc-momentum-1', undefined);
    assert.deepEqual((await of(made, 'engine clocks'))?.[2], 'no engine that holds a lease tells its time');
    await leased(made, 'btc-momentum-1', { clockOffsetMs: 40, flag: 'on' });
    await leased(made, 'btc-momentum-2', { clockOffsetMs: -3_200, flag: 'unreadable' });
    assert.deepEqual(await of(made, 'engine clocks'), ['bad', 3_200, 'btc-momentum-2 is 3200 ms off, of 2 engines']);
    assert.deepEqual(await of(made, 'flags'), [
      'bad',
      1,
      'live.enabled as deployed last cannot be read for btc-momentum-2',
    ]);
    made.pass(5_001);
    assert.deepEqual((await of(made, 'flags'))?.[0], 'ok');
  });

  it('counts runs that failed within a day: a safety machine is bad, a refusal is no fault, and what went well later is mended', async () => {
    const made = await healthyWorld();
    const run = (id: string, more: object) => ended(made, id, more);
    await run('launch-1', { status: 'FAILED', failure: { code: 'NoGo', message: 'no' } });
    await run('stop-1', { machine: 'stop', status: 'FAILED', failure: { code: 'StrategyKilled', message: 'no' } });
    assert.deepEqual(await of(made, 'executions'), ['ok', 0, 'none failed within 24 hours']);
    await run('launch-2', { status: 'FAILED', failure: { code: 'TypeError', message: 'oh' } });
    assert.deepEqual(await of(made, 'executions'), ['warn', 1, 'launch-2 FAILED']);
    for (let index = 0; index < 5; index += 1) await run(`kill-${index}`, { machine: 'kill', status: 'TIMED_OUT' });
    assert.deepEqual((await of(made, 'executions'))?.slice(0, 2), ['bad', 6]);
    assert.match(String((await of(made, 'executions'))?.[2]), /, and 1 more$/);

    const later = { status: 'SUCCEEDED', endedAt: new Date(START.getTime() + MINUTE).toISOString() };
    await run('kill-9', { ...later, machine: 'kill' });
    await run('launch-9', later);
    assert.deepEqual((await of(made, 'executions'))?.[0], 'ok');
    made.store.records.delete('RUN#launch-9');
    made.pass(24 * 60 * MINUTE + 1);
    assert.deepEqual((await of(made, 'executions'))?.[0], 'ok');
  });

  it('is bad without thresholds, and where something live has no limits that can be read', async () => {
    const made = await healthyWorld();
    made.store.records.delete('MONITORS#monitors');
    assert.deepEqual(await of(made, 'thresholds'), ['bad', 1, 'no thresholds are registered']);
    assert.deepEqual(await of(made, 'risk limits'), ['ok', 0, 'readable for all that trades']);
    const at = START.toISOString();
    const alert = Alert.parse({
      ...{
        id: `${STRATEGY}/limit-use/limits`,
        strategyId: STRATEGY,
        rule: 'limit-use',
        subject: 'limits',
        level: 'page',
      },
      ...{
        detail: 'they cannot be read',
        since: at,
        detectedAt: at,
        openedAt: at,
        lastAt: at,
        reached: { since: at, at },
      },
      ...{ count: 1, relapses: 0, version: 1 },
    });
    await made.store.put({ kind: 'ALERT', record: alert });
    assert.deepEqual(await of(made, 'risk limits'), ['bad', 1, 'none that can be read for btc-momentum']);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'OFF' });
    assert.deepEqual((await of(made, 'risk limits'))?.[0], 'ok');
    made.pass(10_001);
    assert.deepEqual((await of(made, 'risk limits'))?.slice(0, 2), ['unknown', null]);
    made.store.records.delete('WATCH#watchdog');
    assert.deepEqual((await of(made, 'risk limits'))?.[0], 'unknown');
  });
});

async function leased(made: World, instanceId: string, telemetry: object | undefined) {
  const lease = {
    ...{ id: `${STRATEGY}/${instanceId}`, strategyId: STRATEGY, instanceId, epoch: 0, grantedMode: 'ACTIVE' as const },
    ...{ grantedAt: START.toISOString(), expiresAt: new Date(START.getTime() + 5_000).toISOString(), report: {} },
  };
  await made.store.put({ kind: 'LEASE', record: { ...Lease.parse(lease), ...Object({ telemetry }) } });
}

async function ended(made: World, id: string, more: object) {
  const run = {
    ...{ id: RunId.parse(id), machine: 'launch' as const, strategyId: STRATEGY, epoch: 1, status: 'FAILED' as const },
    ...{ requestedBy: trader.subject, startedAt: START.toISOString(), endedAt: START.toISOString() },
    ...{ request: {}, summary: 'a run' },
    ...more,
  };
  await made.store.put({ kind: 'RUN', record: run });
}
