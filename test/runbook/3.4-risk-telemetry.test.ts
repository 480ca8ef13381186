import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { launchedUntil } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole } from './proof-of-the-ledgers.ts';
import { told } from './told.ts';

describe('runbook 3.4: an engine whose risk service is silent for three cycles', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const entries = async () => (await here.log(BTC)).entries.map(({ entry }) => entry);
  let launch = '';

  it('is halted before anything has happened, and its resting orders are cancelled', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    launch = await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);

    await here.fault('stop-risk-service', true);

    await eventually('the halt', here.eyes[BTC].engine, ({ halted }) => halted, 12_000);
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0);
    const { mode, run } = await here.modeIs(BTC, 'SAFE');
    assert.deepEqual([mode, run?.id], ['SAFE', launch], 'it is still that launch’s');
  });

  it('stays SAFE, says why, and is proved at the venue by a machine of its own', async () => {
    const [entered] = (await entries()).filter(({ type }) => type === 'safe-mode.entered');
    const { cause, reason } = Object(entered?.['payload']);
    assert.equal(cause, 'risk-telemetry');
    assert.match(String(reason), /^riskService of btc-momentum-1 /);

    const { status } = await here.ended(String(entered?.['run']));

    assert.deepEqual([status, (await here.view(BTC)).mode], ['SUCCEEDED', 'SAFE']);
  });

  it('is told to whoever is on call, and leaves whole ledgers', async () => {
    await told(here, { trigger: 'preemptive-halt', strategy: BTC }, [
      '#risk',
      '#trading-ops',
      '#incidents',
      'on-call page',
    ]);
    await here.fault('stop-risk-service', false);

    await ledgersAreWhole(here);
  });
});
