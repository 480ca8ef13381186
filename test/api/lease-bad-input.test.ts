import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { recordFrom, recordItem } from '../../adapters/aws/record-item.ts';
import { itemSize } from '../../bench/item-size.ts';
import { Heartbeats } from '../../domain/engine/lease-request.ts';
import { Lease } from '../../domain/lease/lease.ts';
import { instanceSeen } from '../../domain/snapshot/snapshot.ts';
import { START, STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Problem = z.object({ code: z.string(), detail: z.string() });
const DIGEST = `sha256:${'5e'.repeat(32)}`;
const position = (instrument: string) => ({
  instrument,
  quantity: -0.35,
  averagePrice: 60_120.5,
  markPrice: 60_098.25,
});
const iso = (ms: number) => new Date(START.getTime() + ms).toISOString();

/** What an engine with two positions sends in that second. */
const renewal = (second = 0) => ({
  ...{ instanceId: 'btc-momentum-1', epoch: 0, mode: 'SAFE', halted: false, halt: null, lapsedEpoch: null },
  ...{ artifactDigest: DIGEST, limitsDigest: DIGEST, parametersDigest: DIGEST, openOrders: 4, queueBacklog: 0 },
  ...{ sentAt: iso(second * 1_000 - 13), processId: '6f1c2a9e' },
  positions: [position('BTC-USD'), position('ETH-USD')],
  targets: [{ instrument: 'BTC-USD', quantity: -0.35 }],
  pnl: { realised: 41.2, unrealised: 7.79, currency: 'USD' },
  roundTrip: { boundsMs: [5, 10, 20, 40, 60, 120], counts: [0, second % 2, second % 3, 2, second % 5, 0, 0] },
  heartbeats: Object.fromEntries(Heartbeats.keyof().options.map((name, at) => [name, iso(second * 1_000 - 97 * at)])),
});

const send = (made: ApiWorld, body: unknown) =>
  made.send('lease', `/engine/v1/strategies/${STRATEGY}/lease`, { as: 'client-btc-momentum-1', body });
const leaseOf = (made: ApiWorld) => made.store.get('LEASE', `${STRATEGY}/btc-momentum-1`);

describe('POST lease', () => {
  it('is granted whatever the metrics look like, and what cannot be believed is missing and said', async () => {
    const made = apiWorld();
    const nonsense = {
      openOrders: -1,
      positions: 'long',
      roundTrip: { boundsMs: [9, 1], counts: [] },
      heartbeats: null,
    };

    const { status } = await send(made, { ...renewal(), ...nonsense });

    const { report, telemetry } = (await leaseOf(made)) ?? {};
    assert.equal(status, 200);
    assert.deepEqual(
      [report?.['openOrders'], report?.['positions'], report?.['heartbeats']],
      [undefined, undefined, undefined],
    );
    assert.deepEqual(
      telemetry?.clamped.map(({ code }) => code),
      ['open-orders-unreadable', 'positions-unreadable', 'round-trips-unreadable', 'heartbeats-unreadable'],
    );
  });

  it('is granted over telemetry that another version has written, and writes its own', async () => {
    const made = apiWorld();
    await send(made, renewal());
    const lease = await leaseOf(made);
    assert.ok(lease);
    const strange = Lease.parse({ ...lease, telemetry: { ...lease.telemetry, flag: 'half-on' } });
    await made.store.put({ kind: 'LEASE', record: strange });

    const { status } = await send(made, renewal(1));

    assert.deepEqual([strange.telemetry, status], [undefined, 200]);
    assert.equal((await leaseOf(made))?.telemetry?.flag, lease.telemetry?.flag);
  });

  it('refuses, by name, whatever decides the lease itself', async () => {
    const made = apiWorld();
    const wrong = [
      ...[{ instanceId: 7 }, { epoch: -1 }, { epoch: null }, { mode: 'FAST' }, { halted: 'no' }, { lapsedEpoch: 0.5 }],
      ...[{ halt: { by: 'engine' } }, { artifactDigest: 'none' }, { limitsDigest: undefined }, { parametersDigest: 1 }],
    ];

    for (const each of wrong) {
      const reply = await send(made, { ...renewal(), ...each });
      const { code, detail } = Problem.parse(await reply.json());

      assert.deepEqual([reply.status, code], [400, 'InvalidRequest']);
      assert.match(detail, new RegExp(`${Object.keys(each)[0]}[.:]`));
    }
    assert.equal(await leaseOf(made), undefined);
  });

  it('answers any JSON at all with a lease or with what is wrong in it, and never fails', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record(Object.fromEntries(Object.keys(renewal()).map((name) => [name, fc.jsonValue()])), {
            requiredKeys: [],
          }),
        ),
        async (junk) => {
          const made = apiWorld();
          const body = typeof junk === 'object' && !Array.isArray(junk) ? { ...renewal(), ...junk } : junk;

          const { status } = await send(made, body);

          assert.ok([200, 400].includes(status), `${status}`);
          if (status === 200) assert.ok(Lease.safeParse(JSON.parse(JSON.stringify(await leaseOf(made)))).success);
        },
      ),
      { seed: 51, numRuns: 60 },
    ));
});

describe('the item of a lease', () => {
  const busyMinute = async () => {
    const made = apiWorld();
    for (let second = 0; second < 90; second += 1) {
      await send(made, renewal(second));
      made.pass(1_000);
    }
    const lease = await leaseOf(made);
    assert.ok(lease);
    return lease;
  };

  it('costs one write unit after a busy minute with two positions, and is read as it was written', async () => {
    const lease = await busyMinute();

    const item = recordItem({ kind: 'LEASE', record: lease }, START);

    assert.ok(itemSize(item) <= 1_024, `${itemSize(item)} bytes`);
    assert.deepEqual(recordFrom('LEASE', item, { LEASE: Lease }), lease);
    assert.deepEqual(recordFrom('LEASE', { record: lease }, { LEASE: Lease }), lease, 'as it was written before');
  });

  it('gives a snapshot the round trips of the whole minute', async () => {
    const seen = instanceSeen('btc-momentum-1', await busyMinute());

    assert.ok('roundTrip' in seen);
    const total = seen.roundTrip.counts.reduce((sum, count) => sum + count, 0);
    assert.ok(total > 250 && total < 420, `${total}`);
  });
});
