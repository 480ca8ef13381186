import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { startLocalHost } from '../../rehearsal/local-host.ts';
import { isDeep } from '../is-deep.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { launchedUntil } from './launching.ts';
import { BTC, type OnALocalHost, settledOn } from './on-a-local-host.ts';
import { type StoreToCut, storeThatHangs, storeThatRefuses } from './store-to-cut.ts';

const BUDGET_MS = 5_250;

/** A host that stands still: its process takes no request and answers none. Engine and venues run on. */
async function hostThatStops(): Promise<StoreToCut> {
  const host = await startLocalHost();
  const send = async (signal: 'SIGSTOP' | 'SIGCONT') => void process.kill(host.pid, signal);
  return {
    host,
    away: () => send('SIGSTOP'),
    back: () => send('SIGCONT'),
    async end() {
      await send('SIGCONT');
      await host.close();
    },
  };
}

/** In `npm run test:deep` only: it measures time, and takes the half minute of a host for each fault. */
const FAULTS = [
  ['the control plane stops', hostThatStops],
  ['its store hangs', storeThatHangs],
  ['its store refuses connections', storeThatRefuses],
] as const;

for (const [what, open] of isDeep ? FAULTS : [])
  describe(`runbook 3: an engine that trades while ${what}`, () => {
    let fault: StoreToCut;
    let here: OnALocalHost;
    let epoch = 0;
    before(async () => {
      fault = await open();
      here = await settledOn(fault.host);
      await here.evidence.approve(BTC, HARDLY_FILLED);
      await launchedUntil(here, BTC, 'nothing: it is live');
      await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    });
    after(() => fault.end());

    it('halts by itself within the lease, and leaves nothing at the venue', async (test) => {
      ({ epoch } = await here.eyes[BTC].engine());
      const awayAt = performance.now();
      await fault.away();

      await eventually('the engine', here.eyes[BTC].engine, ({ mode }) => mode === 'SAFE');
      const haltedMs = performance.now() - awayAt;
      await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0);
      const emptyMs = performance.now() - awayAt;

      test.diagnostic(`${what}: SAFE after ${haltedMs.toFixed(0)} ms, venue empty after ${emptyMs.toFixed(0)} ms`);
      assert.ok(haltedMs <= BUDGET_MS && emptyMs <= BUDGET_MS, `${haltedMs} and ${emptyMs} of ${BUDGET_MS} ms`);
    });

    it('does not trade again when that is over: the strategy is SAFE at another epoch, by its lease or by the watchdog, and the ledger says why', async () => {
      await fault.back();

      const { mode } = await here.modeIs(BTC, 'SAFE');
      const told = await eventually('the new epoch', here.eyes[BTC].engine, (engine) => engine.epoch > epoch);
      const { entries } = await here.log(BTC);
      const why = entries.filter(({ entry }) => /^(lease\.expired|safe-mode\.entered)$/.test(String(entry['type'])));

      assert.deepEqual([mode, told.mode, await here.eyes[BTC].restingOrders()], ['SAFE', 'SAFE', 0]);
      assert.equal(why.length, told.epoch - epoch, 'whoever sees it first, once each at most');
    });
  });
