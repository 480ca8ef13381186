import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { heldOf } from '../../../domain/kill/exposure.ts';
import { readExposure } from '../../../domain/kill/read-exposure.ts';
import { recordExposure } from '../../../domain/kill/record-exposure.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { START, STRATEGY, stateOf, type World, world } from '../../fakes/world.ts';
import { killed, payloadsOf, upToTheCertificate } from './kill-at-its-end.ts';

const report = (made: World, report: Record<string, unknown>) =>
  made.store.put({
    kind: 'LEASE',
    record: {
      id: leaseId(STRATEGY, 'btc-momentum-1'),
      strategyId: STRATEGY,
      instanceId: 'btc-momentum-1',
      epoch: 0,
      grantedMode: 'ACTIVE',
      grantedAt: START.toISOString(),
      expiresAt: START.toISOString(),
      report,
    },
  });
const recorded = (made: World) => Object(payloadsOf(made, 'kill.exposure')[0]?.['exposure']);

describe('recordExposure', () => {
  it('records what the venues say is held, by instrument, with its notional in the currency of the limits', async () => {
    const made = world();
    made.venues.positions = async () => [
      { instrument: 'ETH-PERP', quantity: 0, averagePrice: 1, markPrice: 1 },
      { instrument: 'ETH-SPOT', quantity: 3, averagePrice: 1, markPrice: 0.333 },
      { instrument: 'BTC-PERP', quantity: -2, averagePrice: 1, markPrice: 30_000.5 },
    ];
    const step = await killed(made);

    const { summary } = await recordExposure(step, made.ports);

    const { currency, venues } = recorded(made);
    assert.deepEqual(
      [currency, venues],
      [
        'USD',
        [
          {
            source: 'XSIM',
            positions: [
              { instrument: 'BTC-PERP', quantity: -2, mark: 30_000.5, notional: 60_001 },
              { instrument: 'ETH-SPOT', quantity: 3, mark: 0.333, notional: 1 },
            ],
          },
        ],
      ],
    );
    assert.match(summary, /left as they are: -2 BTC-PERP at XSIM, 3 ETH-SPOT at XSIM/);
    assert.ok(
      made.engines.calls.every((call) => call.startsWith('halt')),
      'nothing is closed',
    );
    assert.equal(made.venues.cancels, 0);
  });

  it("keeps each engine's last report beside it, with its time, and names the one that never reported", async () => {
    const made = world();
    await report(made, { positions: [{ instrument: 'BTC-PERP', quantity: 1, averagePrice: 1, markPrice: 2 }] });

    await recordExposure(await killed(made), made.ports);

    const [first, second] = recorded(made).engines;
    assert.deepEqual(first, {
      source: 'btc-momentum-1',
      reportedAt: START.toISOString(),
      positions: [{ instrument: 'BTC-PERP', quantity: 1, mark: 2, notional: 2 }],
    });
    assert.deepEqual(second, { source: 'btc-momentum-2', unknown: 'it never reported its positions' });
  });

  it('takes a report that cannot be read for none', async () => {
    const made = world();
    await report(made, { positions: 'all' });

    await recordExposure(await killed(made), made.ports);

    assert.equal(recorded(made).engines[0].unknown, 'it never reported its positions');
  });

  it('names a venue that cannot answer, never leaving it out', async () => {
    const made = world();
    made.venues.unreachable.add('XSIM');

    const { summary } = await recordExposure(await killed(made), made.ports);

    assert.deepEqual(recorded(made).venues, [{ source: 'XSIM', unknown: 'XSIM did not answer' }]);
    assert.match(summary, /not known at XSIM/);
  });

  it('tells the quantities also where no limits say in which money, and says none where nothing is held', async () => {
    const made = world();
    made.evidence.files.delete(LIMITS_KEY);
    made.venues.positions = async () => [];

    const { summary } = await recordExposure(await killed(made), made.ports);

    assert.equal(recorded(made).currency, null);
    assert.match(summary, /: none$/);
  });

  it('adds nothing when it is done twice', async () => {
    const made = world();
    const step = await killed(made);
    await recordExposure(step, made.ports);
    made.venues.positions = async () => [];

    await recordExposure(step, made.ports);

    assert.equal(payloadsOf(made, 'kill.exposure').length, 1);
  });
});

describe('heldOf', () => {
  it('orders by instrument', () => {
    const held = ['B', 'A', 'C'].map((instrument) => ({ instrument, quantity: 1, averagePrice: 1, markPrice: 1 }));

    assert.deepEqual(
      heldOf(held).map(({ instrument }) => instrument),
      ['A', 'B', 'C'],
    );
  });
});

describe('readExposure', () => {
  it('shows what was held at the kill, and what is left once that is certified; nothing before, nothing when not killed', async () => {
    const made = world();
    assert.equal(await readExposure(stateOf(made), made.ports), null);
    const fresh = world();
    await killed(fresh);
    assert.deepEqual(await readExposure(stateOf(fresh), fresh.ports), { atKill: null, residual: null });

    const step = await upToTheCertificate(made);
    const before = await readExposure(stateOf(made), made.ports);
    await certifyKill(step, made.ports);
    const after = await readExposure(stateOf(made), made.ports);

    assert.deepEqual([before?.atKill?.venues[0]?.positions?.[0]?.quantity, before?.residual], [1, null]);
    assert.deepEqual(after?.residual?.venues, after?.atKill?.venues);
  });
});
