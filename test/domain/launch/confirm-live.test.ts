import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { confirmLive } from '../../../domain/launch/confirm-live.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Launching, sign, untilFlip } from '../../fakes/launch-steps.ts';
import { leaseReport } from '../../fakes/lease-report.ts';
import { messagesIn } from '../../fakes/told.ts';
import { launching, REGISTRATION, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const OTHER = digestOf('something else');

describe('confirmLive', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    await armAndEnable(made.step, made.ports);
    for (const { instanceId } of REGISTRATION.engines) await renewed(instanceId);
  });

  /** As the engine renews it every second. */
  async function renewed(instanceId: string, changed: object = {}): Promise<void> {
    const now = made.ports.now().getTime();
    const lease = { id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, epoch: 0 };
    const granted = { grantedMode: 'ACTIVE' as const, grantedAt: new Date(now).toISOString() };
    const expiresAt = new Date(now + 5_000).toISOString();
    const record = { ...lease, ...granted, expiresAt, report: leaseReport(made), ...changed };
    await made.store.put({ kind: 'LEASE', record });
  }

  const missing = async (): Promise<unknown> => {
    const refusal = await confirmLive(made.step, made.ports).catch((error: unknown) => error);
    assert.ok(refusal instanceof Refusal && refusal.code === 'NotConfirmedLive', String(refusal));
    assert.equal(refusal.message, (refusal.facts['missing'] as string[]).join('; '));
    return refusal.facts['missing'];
  };

  it('says live when the flag reads true and every instance trades what was approved, and lets go of the lock', async () => {
    await confirmLive(made.step, made.ports);

    assert.deepEqual(made.store.storyOf(STRATEGY).slice(-2), ['launch.live', 'orchestrator.released']);
    assert.equal(stateOf(made).lock, undefined);
    assert.equal(messagesIn(made, 'launch-live').length, 1);
  });

  it('reads the flag back as everybody reads it, of the version that was written or a later one', async () => {
    const asked: unknown[] = [];
    made.flags.read = async (...given: unknown[]) => {
      asked.push(given.at(1));
      return { live: undefined, version: undefined };
    };

    assert.deepEqual(await missing(), ['live.enabled reads nothing']);
    made.flags.read = async () => ({ live: false, version: 1 });
    assert.deepEqual(await missing(), ['live.enabled reads false']);
    assert.deepEqual(asked, [stateOf(made).flagVersion]);
  });

  for (const [what, changed, says] of [
    ['has a lease that ran out', { expiresAt: '2026-11-24T12:00:00.000Z' }, /^btc-momentum-2 holds no lease$/],
    ['has a lease of another epoch', { epoch: 1 }, /^btc-momentum-2 holds a lease of epoch 1, not 0$/],
    ['is granted less', { grantedMode: 'SAFE' }, /^btc-momentum-2 holds a lease as SAFE, not ACTIVE$/],
    [
      'runs another artifact',
      { artifactDigest: OTHER },
      /^btc-momentum-2 runs artifactDigest sha256:.*, approved is sha/,
    ],
    ['runs other limits', { limitsDigest: OTHER }, /^btc-momentum-2 runs limitsDigest /],
    ['runs other parameters', { parametersDigest: OTHER }, /^btc-momentum-2 runs parametersDigest /],
    ['does not say what it runs', { artifactDigest: undefined }, /^btc-momentum-2 runs artifactDigest unknown/],
  ] as const)
    it(`does not say live while an instance ${what}, and names it`, async () => {
      const isReported = Object.keys(changed).some((name) => name.endsWith('Digest'));
      await renewed('btc-momentum-2', isReported ? { report: { ...leaseReport(made), ...changed } } : changed);

      const [first, ...others] = (await missing()) as string[];

      assert.match(String(first), says);
      assert.deepEqual([others, stateOf(made).lock?.runId], [[], made.step.runId]);
    });

  it('ends at once when the run is over, instead of waiting for engines that will never be ACTIVE', async () => {
    made.flags.live = false;
    const killed = { runId: made.step.runId, initiatedBy: trader.subject, initiatorRoles: [], reason: 'loss' };
    const latch = { ...killed, at: made.ports.now().toISOString() };
    made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', epoch: 1, latch });
    await assert.rejects(confirmLive(made.step, made.ports), { name: 'StrategyKilled' });

    const { latch: _lifted, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, { ...state, mode: 'STOPPING' });
    await assert.rejects(confirmLive(made.step, made.ports), { name: 'StaleEpoch' });
  });

  it('does not say live while an instance never asked for a lease, or nothing is known to be approved', async () => {
    made.store.records.delete(`LEASE#${leaseId(STRATEGY, 'btc-momentum-1')}`);
    assert.deepEqual(await missing(), ['btc-momentum-1 holds no lease']);

    await renewed('btc-momentum-1');
    const { parametersDigest: _forgotten, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, state);
    assert.match(String(await missing()), /btc-momentum-1 runs parametersDigest sha256:\w+, approved is nothing/);
  });
});
