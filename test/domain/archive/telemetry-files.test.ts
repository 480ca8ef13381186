import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitsFile } from '../../../domain/archive/limits-file.ts';
import { positionsFile } from '../../../domain/archive/positions-file.ts';
import { telemetryFiles } from '../../../domain/archive/telemetry-files.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Snapshot } from '../../../domain/snapshot/snapshot.ts';
import { LIMITS, STRATEGY, world } from '../../fakes/world.ts';
import { minute, minutes } from './a-traded-run.ts';

const AT = '2026-11-24T12:00:00.000Z';
const use = (worst: number, notional = 100) => ({
  ...{ grossNotional: notional, ofKillNotional: worst, loss: worst * 10, ofKillLoss: worst, worst },
  instruments: [{ instrument: 'BTC-PERP', notional, ofMaxNotional: worst, ofMaxPosition: null }],
});

describe('telemetryFiles', () => {
  const [telemetry, pnl, risk] = telemetryFiles(
    minutes(
      minute('2026-11-24T12:01:00.000Z', {}, use(0.5)),
      minute('2026-11-24T12:02:00.000Z', {}, use(0.9, 300)),
      minute('2026-11-24T12:03:00.000Z', {}, { ...use(0.9), instruments: [] }),
      { ...minute('2026-11-24T12:04:00.000Z'), instances: [{ instanceId: 'btc-momentum-1', unknown: 'silent' }] },
    ),
  );

  it('keep every minute as it was, and one line of profit and loss for each instance that told it', () => {
    assert.deepEqual([telemetry?.lines.length, pnl?.lines.length], [4, 3]);
    assert.deepEqual(JSON.parse(pnl?.lines[0] ?? ''), {
      ...{ at: '2026-11-24T12:01:00.000Z', instance: 'btc-momentum-1', reportedAt: '2026-11-24T12:01:00.000Z' },
      ...{ realised: 1, unrealised: 2, currency: 'USD' },
    });
  });

  it('tell the peak of every limit with its first minute, and for how long each step was reached', () => {
    const told = JSON.parse(risk?.lines[0] ?? '');

    assert.deepEqual(told.peak.worst, { value: 0.9, at: '2026-11-24T12:02:00.000Z' });
    assert.deepEqual(told.peak.grossNotional, { value: 300, at: '2026-11-24T12:02:00.000Z' });
    assert.deepEqual(told.instruments[0].ofMaxPosition.value, 0);
    assert.deepEqual(
      told.minutesAt.map(({ minutes: count }: { minutes: number }) => count),
      [3, 2, 2, 2, 0, 0],
    );
    assert.deepEqual([told.snapshots, told.withoutLimits], [4, 1]);
  });

  it('say so when nothing was kept', () => {
    const told = JSON.parse(telemetryFiles([])[2]?.lines[0] ?? '');

    assert.deepEqual([told.snapshots, told.from, told.peak.worst], [0, null, null]);
  });
});

describe('limitsFile', () => {
  const digest = digestOf(LIMITS);
  const write = async (limitsDigest: string | undefined, ...used: string[]) => {
    const made = world();
    const snapshots = used.map((each, at) => minute(`2026-11-24T12:0${at}:00.000Z`, { limitsDigest: each }));
    const deployed = limitsDigest === undefined ? {} : { limitsDigest: digestOf(limitsDigest) };
    const state = { id: STRATEGY, ...deployed, ...(limitsDigest === 'approved' && { limitsDigest: digest }) };
    return JSON.parse(await limitsFile(state, minutes(...snapshots), made.ports));
  };

  it('say that what was approved, deployed and enforced is one', async () => {
    const { approved, isSame, used } = await write('approved', digest, digest);

    assert.deepEqual([approved.digest, isSame, used.length], [digest, true, 1]);
    assert.equal(used[0].until, '2026-11-24T12:01:00.000Z');
  });

  it('say what an instance enforced instead, and from when', async () => {
    const other = digestOf('other');
    const { isSame, used } = await write('approved', digest, other, digest);

    assert.deepEqual([isSame, used.map((each: { digest: string }) => each.digest)], [false, [digest, other, digest]]);
  });

  it('take nothing that is not known for the same', async () => {
    const made = world();
    made.evidence.files.delete(LIMITS_KEY);
    const unknown = { ...minute(AT), instances: [{ instanceId: 'btc-1', unknown: 'silent' }] };
    const none = minute('2026-11-24T12:01:00.000Z', { limitsDigest: null });
    const text = await limitsFile({ id: STRATEGY }, minutes(unknown, none), made.ports);

    const { approved, deployed, isSame, used } = JSON.parse(text);
    assert.deepEqual([approved, deployed, isSame, used[0].digest], [null, null, false, 'none']);
  });
});

describe('positionsFile', () => {
  const exposure = { currency: 'USD', venues: [], engines: [] };
  const snapshot = Snapshot.parse(minute(AT));
  const silent = Snapshot.parse({ ...minute(AT), instances: [{ instanceId: 'btc-2', unknown: 'silent' }] });
  const settlement = {
    ...{ v: 1 as const, strategy: STRATEGY, at: AT, tolerance: { quantity: '', cash: '' }, compared: [], silent: [] },
    ...{ verdict: 'agrees' as const, venues: [], engines: [] },
  };

  it('take the settlement, else what was held at the kill, else the last minute', () => {
    const from = (given: object) =>
      JSON.parse(positionsFile({ settlement: undefined, exposure: undefined, snapshot: undefined, ...given })).from;

    assert.deepEqual(
      [from({ settlement, exposure, snapshot }), from({ exposure, snapshot }), from({ snapshot }), from({})],
      ['settle.json', 'exposure.json', 'the last minute that was kept', null],
    );
  });

  it('name an instance of the last minute that said nothing', () => {
    const { engines } = JSON.parse(positionsFile({ settlement: undefined, exposure: undefined, snapshot: silent }));

    assert.deepEqual(engines, [{ source: 'btc-2', unknown: 'silent' }]);
  });
});
