import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { DataIncident } from '../../../domain/data-incident/data-incident.ts';
import { afterLook, feedWords } from '../../../domain/data-incident/judge-oversight.ts';
import { engineSeen } from '../../../domain/data-incident/look-at-exposure.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { REGISTRATION, STRATEGY, type World } from '../../fakes/world.ts';
import { liveWorld, renewed } from '../safe-mode/a-safe-mode.ts';

const SLAS = { marketDataSlaMs: 60_000, featureStoreSlaMs: 60_000 };

describe('a feed', () => {
  const at = (made: World, ms: number) => new Date(made.clock.now.getTime() + ms);
  const leaseIn = async (made: World) =>
    made.store.get('LEASE', leaseId(STRATEGY, REGISTRATION.engines[0]?.instanceId ?? ''));

  it('is stable only while its lease runs and both heartbeats are within their SLA', async () => {
    const made = liveWorld();
    await renewed(made);
    const lease = await leaseIn(made);

    const seen = (ms: number, slas = SLAS) => engineSeen('one', lease, slas, at(made, ms));

    assert.deepEqual([seen(0).stable, seen(4_999).stable, seen(5_000).stable], [true, true, false]);
    assert.deepEqual([seen(3_000, { ...SLAS, featureStoreSlaMs: 2_000 }).stable, seen(0).openOrders], [false, 0]);
    assert.equal(engineSeen('one', undefined, SLAS, at(made, 0)).stable, false);
  });

  it('is never stable for something older or missing where it was not before', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(120_000), fc.nat(120_000), fc.boolean(), async (age, more, without) => {
        const made = liveWorld();
        await renewed(made, without ? ['marketData'] : []);
        const lease = await leaseIn(made);
        assert.ok(lease);
        const held = { ...lease, expiresAt: at(made, 10_000_000).toISOString() };

        const worse = engineSeen('one', held, SLAS, at(made, age + more)).stable;

        if (worse) assert.ok(!without && engineSeen('one', held, SLAS, at(made, age)).stable);
      }),
      { seed: 523, numRuns: 100 },
    ));

  it('is in no incident without an engine: then nothing is heard', () => {
    const look = { at: '2026-11-24T12:00:00.000Z', engines: [], venues: [] };
    const incident = { course: [], looks: 1, version: 1 } as unknown as DataIncident; // what a look adds to

    const next = afterLook(incident, look, 1);

    assert.deepEqual([next.status, next.stableSince, feedWords(next)], ['open', undefined, 'no feed is heard']);
  });
});
