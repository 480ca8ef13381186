import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { launchedUntil } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { silentStrategies } from './silent-strategies.ts';

const BUDGET_MS = 7_500;
const ROUNDS = 100;
/** From the fault on: the last beat may be a moment older. */
const LONGEST_MS = 12_000;

describe('runbook 3.1: an engine whose execution falls silent', () => {
  const here = onALocalHost();
  const byWatchdog = async () =>
    (await here.log(BTC)).entries.map(({ entry }) => entry).filter(({ actor }) => actor === 'service:watchdog');
  const acted = async () =>
    (await byWatchdog()).map(({ type }) => type).filter((type) => !/^alert\./.test(String(type)));

  it('is left alone while it is healthy, then halted by itself after three missed cycles, and its orders are taken away', async (test) => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    assert.deepEqual([await acted(), (await here.view(BTC)).mode], [[], 'ACTIVE']);

    const silentAt = performance.now();
    await here.fault('stop-execution', true);
    await eventually('the halt', here.eyes[BTC].engine, ({ halted }) => halted, LONGEST_MS);
    const haltedMs = performance.now() - silentAt;

    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0);
    test.diagnostic(`halted ${haltedMs.toFixed(0)} ms after the fault`);
    assert.ok(haltedMs <= BUDGET_MS, `${haltedMs} of ${BUDGET_MS} ms`);
    const { epoch } = await here.modeIs(BTC, 'SAFE');
    assert.deepEqual([await acted(), epoch], [['safe-mode.entered'], 1]);
  });

  it('is paged about before it is halted, each component as one alert, with the level that it reached', async () => {
    await here.fault('stop-execution', false);
    const levels = (await byWatchdog()).flatMap(({ type, payload }) => {
      const { alert, level } = Object(payload);
      return /executionGateway/.test(String(alert)) ? [`${type} ${level}`] : [];
    });

    assert.ok(levels.includes('alert.climbed act'), `${levels}`);
    assert.ok(levels.includes('alert.opened page') || levels.includes('alert.climbed page'), `${levels}`);
  });

  it(`is halted within ${BUDGET_MS} ms of its last beat, ${ROUNDS} of ${ROUNDS}`, {
    skip: !isDeep && DEEP,
  }, async (test) => {
    const afterMs = (await silentStrategies(here.host.data, ROUNDS)).toSorted((a, b) => a - b);

    test.diagnostic(`p50 ${afterMs[ROUNDS / 2]}, worst ${afterMs.at(-1)} ms`);
    assert.deepEqual(
      afterMs.filter((ms) => ms > BUDGET_MS || ms < 5_500),
      [],
    );
  });
});
