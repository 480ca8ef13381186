import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import { readApprovedChange } from '../../../domain/launch/read-approved-change.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { blastRadius } from '../../../domain/plan/blast-radius.ts';
import { draftPlan } from '../../../domain/plan/draft-plan.ts';
import { Plan } from '../../../domain/plan/plan.ts';
import { readPlan } from '../../../domain/plan/read-plan.ts';
import { shippedMatrix } from '../../fakes/shipped-matrix.ts';
import { ARTIFACT, LIMITS, PARAMETERS, REGISTRATION, STRATEGY, stateOf, world } from '../../fakes/world.ts';

const venue = (id: string, kind?: 'live' | 'paper' | 'simulated') => ({
  ...{ id, url: `http://127.0.0.1:1/${id}` },
  ...(kind && { kind }),
});

describe('blastRadius', () => {
  it('adds up what can be hit: instances, venues by kind, notional, orders per second, and the kills that cover it', () => {
    const venues = [venue('XNYS'), venue('XPAP', 'paper'), venue('XSIM', 'simulated')];
    const instruments = { A: { maxNotional: 100, maxPosition: 1 }, B: { maxNotional: 250, maxPosition: 1 } };

    const radius = blastRadius({ ...REGISTRATION, venues }, { ...LIMITS, instruments }, 4);

    assert.deepEqual(radius, {
      instances: 2,
      venues: { live: ['XNYS'], paper: ['XPAP'], simulated: ['XSIM'] },
      notional: { currency: 'USD', perInstrument: { A: 100, B: 250 }, total: 350, killedAt: 200_000 },
      ordersPerSec: { perInstance: 4, total: 8 },
      killScopes: ['strategy:btc-momentum', 'venue:XSIM', 'venue:XPAP', 'venue:XNYS', 'desk:crypto', 'all'],
    });
  });
});

describe('readPlan', () => {
  it('is everything a launch would do, whole, in its schema', async () => {
    const made = world();

    const plan = await readPlan(STRATEGY, made.ports);

    assert.deepEqual(Plan.parse(plan), plan);
    assert.deepEqual(
      [plan.strategy, plan.environment, plan.artifactDigest, plan.limits, plan.parameters, plan.maxOrdersPerSec],
      [STRATEGY, 'prod', ARTIFACT, LIMITS, PARAMETERS, 4],
    );
    assert.deepEqual(
      [plan.limitsDigest, plan.parametersDigest, plan.engines, plan.venues],
      [
        digestOf(LIMITS),
        digestOf(PARAMETERS),
        ['btc-momentum-1', 'btc-momentum-2'],
        [{ id: 'XSIM', kind: 'live', calendar: (await made.store.get('CALENDAR', 'XSIM'))?.digest }],
      ],
    );
    assert.ok(plan.ticket && plan.commit && plan.manifest.signers.length > 0);
    assert.deepEqual(
      plan.told.map(({ when, channels }) => [when, channels]),
      [
        ['launch-start', ['#trading-ops']],
        ['launch-live', ['#trading-ops', 'on-call page']],
        ['no-go', ['#trading-ops', '#risk']],
        ['launch-withdrawn', ['#trading-ops']],
      ],
    );
    assert.deepEqual(plan.locked, ['deployment of btc-momentum']);
  });

  it('has the same digest for the same world, at whatever time and state, and another for any other', async () => {
    const made = world();
    const before = digestOf(await readPlan(STRATEGY, made.ports));
    made.pass(3_600_000);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 9, mode: 'LAUNCHING' });

    assert.equal(digestOf(await readPlan(STRATEGY, made.ports)), before);

    const changed = { ...REGISTRATION, engines: REGISTRATION.engines.slice(1) };
    await made.store.put({ kind: 'REGISTRATION', record: changed });
    assert.notEqual(digestOf(await readPlan(STRATEGY, made.ports)), before);
  });

  it('puts signers and overrides in an order of their own, so that how they were read changes no digest', async () => {
    const approved = await readApprovedChange(STRATEGY, world().ports);
    const override = (id: string) => ({
      ...{ id, checks: [], reason: 'r', signers: [] },
      expiresAt: '2026-11-25T00:00:00.000Z',
    });
    const [one, two] = [ActorId.parse('sub-a'), ActorId.parse('sub-b')];
    const facts = { registration: REGISTRATION, calendars: { XSIM: digestOf('the calendar') }, matrix: undefined };

    const first = draftPlan({
      ...facts,
      approved: { ...approved, signers: [one, two] },
      overrides: [override('o1'), override('o2')],
    });
    const second = draftPlan({
      ...facts,
      approved: { ...approved, signers: [two, one] },
      overrides: [override('o2'), override('o1')],
    });

    assert.deepEqual([digestOf(first), first.venues[0]?.calendar], [digestOf(second), digestOf('the calendar')]);
    assert.deepEqual(first.told, [], 'no matrix is deployed');
  });

  it('says who is told by the matrix that is deployed: another audience is another plan', async () => {
    const made = world();
    const { told } = await readPlan(STRATEGY, made.ports);
    const matrix = shippedMatrix();
    const row = matrix.rows['launch-start'] ?? assert.fail();
    const rows = { ...matrix.rows, 'launch-start': { ...row, channels: ['#risk'] } };

    await made.store.put({ kind: 'MATRIX', record: { ...matrix, rows } });

    assert.deepEqual(told[0], { when: 'launch-start', audience: row.audience, channels: ['#trading-ops'] });
    assert.deepEqual((await readPlan(STRATEGY, made.ports)).told[0]?.channels, ['#risk']);
  });
});
