import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { HealthTick, healthTick } from '../../../domain/health-tick.ts';
import { RunId } from '../../../domain/ids.ts';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { confirmLive } from '../../../domain/launch/confirm-live.ts';
import { leaseId } from '../../../domain/lease/lease.ts';
import { liftLatch } from '../../../domain/recover/lift-latch.ts';
import { GREEN_MS, type Restoration } from '../../../domain/recover/restoration.ts';
import { tellRestorations } from '../../../domain/recover/tell-restorations.ts';
import type { Strategy } from '../../../domain/strategy.ts';
import { type Launching, sign, untilFlip } from '../../fakes/launch-steps.ts';
import { leaseReport } from '../../fakes/lease-report.ts';
import { messagesIn, toldIn } from '../../fakes/told.ts';
import { launching, REGISTRATION, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';
import { requested, signedOff } from './a-killed-strategy.ts';
import { run } from './recovery-steps.ts';

const RECOVERY = RunId.parse('recover-btc-momentum-20261124-0123456789ab');

/** As every engine renews its lease each second. */
function renewed(made: Launching, changed: object = {}): void {
  const now = made.ports.now().getTime();
  const granted = {
    epoch: stateOf(made).epoch,
    grantedMode: 'ACTIVE' as const,
    grantedAt: new Date(now).toISOString(),
  };
  for (const { instanceId } of REGISTRATION.engines) {
    const lease = { id: leaseId(STRATEGY, instanceId), strategyId: STRATEGY, instanceId, ...granted };
    const record = { ...lease, expiresAt: new Date(now + 5_000).toISOString(), report: leaseReport(made), ...changed };
    made.store.records.set(`LEASE#${lease.id}`, { kind: 'LEASE', record });
  }
}

/** A launch that is about to be confirmed live. */
async function almostLive(): Promise<Launching> {
  const made = await launching();
  await untilFlip(made);
  await sign(made, 'flag-flip', trader);
  await armAndEnable(made.step, made.ports);
  renewed(made);
  return made;
}

const awaits = (made: Launching, more: Partial<Restoration> = {}): void =>
  void made.store.records.set(`RESTORATION#${STRATEGY}`, {
    kind: 'RESTORATION',
    record: { id: STRATEGY, recovery: RECOVERY, ...more },
  });

/** The first launch after a recovery, live since START. */
async function live(more: { drill?: true } = {}): Promise<Launching> {
  const made = await almostLive();
  awaits(made, more);
  await confirmLive(made.step, made.ports);
  return made;
}

const become = (made: Launching, change: Partial<Strategy>): void =>
  void made.store.strategies.set(STRATEGY, { ...stateOf(made), ...change });
const told = (made: Launching): string[] =>
  [...messagesIn(made, 'recovery-complete'), ...messagesIn(made, 'restoration-withdrawn')].map(
    ({ trigger }) => trigger,
  );

type Look = { readonly ms: number; readonly bad: boolean };

/** What has to be told after looks so far apart, at some of which something had come between. */
function toldAfter(looks: readonly Look[]): string[] {
  let green = 0;
  for (const { ms, bad } of looks) {
    if (bad) return ['restoration-withdrawn'];
    green += ms;
    if (green >= GREEN_MS) return ['recovery-complete'];
  }
  return [];
}

describe('a recovery', () => {
  it('leaves it to the next launch to say that the strategy is restored, of a drill as a drill', async () => {
    const made = await signedOff();
    const step = await requested(made);
    await run(made, step, 'Lift latch');

    await liftLatch(step, made.recoverPorts);

    assert.deepEqual(await made.store.get('RESTORATION', STRATEGY), { id: STRATEGY, recovery: step.runId });
    assert.deepEqual(messagesIn(made, 'recovery-complete'), []);
  });
});

describe('"Strategy <id> restored at <time>, metrics nominal"', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await live();
  });

  /** So much later, with every lease renewed. */
  const after = async (ms: number, changed: object = {}): Promise<number> => {
    made.pass(ms);
    renewed(made, changed);
    return tellRestorations(made.ports);
  };

  it('is told when five minutes were green after the first launch that follows a recovery, and not before', async () => {
    assert.equal(await after(GREEN_MS - 1), 0);
    assert.deepEqual(told(made), []);

    assert.equal(await after(1), 1);

    const texts = toldIn(made, 'recovery-complete').map(({ channel, text }) => [channel, text]);
    const text = `Strategy btc-momentum restored at ${START.toISOString()}, metrics nominal`;
    assert.deepEqual(texts, [
      ['#trading-ops', text],
      ['email', text],
    ]);
    assert.equal(made.store.storyOf(STRATEGY).at(-1), 'recovery.restored');
  });

  it('is told once, however late and however often somebody looks', async () => {
    await after(90 * 60_000);

    assert.deepEqual([await after(60_000), told(made)], [0, ['recovery-complete']]);
  });

  it('is told by the one-minute tick', async () => {
    made.pass(GREEN_MS);
    renewed(made);

    await healthTick(HealthTick.parse({}), made.ports);

    assert.deepEqual(told(made), ['recovery-complete']);
  });

  for (const [what, change, reason] of [
    ['it lost a lease and was resumed', { epoch: 1 }, 'it was stopped, or lost a lease'],
    ['another run has it', { run: { id: RECOVERY } }, 'it was stopped, or lost a lease'],
    ['it is throttled', { mode: 'THROTTLED' }, 'it is THROTTLED'],
    ['its flag was written again', { flagVersion: 99 }, 'live.enabled was written again'],
    ['it runs other parameters than were approved', { parametersDigest: undefined }, 'runs parametersDigest'],
  ] as const)
    it(`is not told when ${what} meanwhile: that is told, and the next launch is watched`, async () => {
      become(made, change as Partial<Strategy>);

      assert.equal(await after(GREEN_MS), 1);

      assert.deepEqual(told(made), ['restoration-withdrawn']);
      assert.match(toldIn(made, 'restoration-withdrawn')[0]?.text ?? '', new RegExp(`is not restored: .*${reason}`));
      assert.equal(made.store.storyOf(STRATEGY).at(-1), 'recovery.not-restored');
      assert.deepEqual(await made.store.get('RESTORATION', STRATEGY), { id: STRATEGY, recovery: RECOVERY });
    });

  it('is not told when it was killed again: the next recovery is told of', async () => {
    const latch = {
      runId: RECOVERY,
      initiatedBy: trader.subject,
      initiatorRoles: [],
      reason: 'loss again',
      at: START.toISOString(),
    };
    become(made, { latch, mode: 'KILLED', epoch: 1 });

    await after(GREEN_MS);

    assert.match(toldIn(made, 'restoration-withdrawn')[0]?.text ?? '', /it was killed again: loss again$/);
  });

  it('is not told when an engine holds no lease then', async () => {
    made.pass(GREEN_MS);

    await tellRestorations(made.ports);

    assert.match(toldIn(made, 'restoration-withdrawn')[0]?.text ?? '', /btc-momentum-1 holds no lease$/);
  });

  it('is told as a drill where the kill was one', async () => {
    made = await live({ drill: true });

    await after(GREEN_MS);

    assert.ok(toldIn(made, 'recovery-complete').every(({ text, drill }) => text.startsWith('DRILL: ') && drill));
  });

  it('is told of a launch that nobody watches any more by nobody: two ticks at once tell it once', async () => {
    made.pass(GREEN_MS);
    renewed(made);

    const counts = await Promise.all([tellRestorations(made.ports), tellRestorations(made.ports)]);

    assert.deepEqual([counts.toSorted(), told(made)], [[0, 1], ['recovery-complete']]);
  });

  it('is judged by what stands when it is decided: a look that listed what was withdrawn meanwhile tells nobody', async () => {
    const listed = await made.store.all('RESTORATION');
    made.store.all = async () => listed as never;
    awaits(made);

    assert.deepEqual([await after(GREEN_MS), told(made)], [0, []]);

    awaits(made, { watched: { launch: RECOVERY, liveAt: START.toISOString(), epoch: 0, flagVersion: 0 } });
    assert.deepEqual([await after(GREEN_MS), told(made)], [0, []], 'another launch is watched meanwhile');
  });

  it('is told only after green minutes, whatever changes and whenever somebody looks', async () => {
    const step = fc.record({ ms: fc.integer({ min: 1, max: 400_000 }), bad: fc.boolean() });

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        made = await live();
        for (const { ms, bad } of steps) {
          if (bad) become(made, { epoch: stateOf(made).epoch + 1 });
          await after(ms);
        }

        assert.deepEqual(told(made), toldAfter(steps));
      }),
      { seed: 63, numRuns: 25 },
    );
  });
});

describe('a launch that follows no recovery', () => {
  for (const [what, prepare] of [
    ['at all', () => undefined],
    ['that people have not been told of already', (made: Launching) => awaits(made, { toldAt: START.toISOString() })],
  ] as const)
    it(`${what} is not told as restored`, async () => {
      const made = await almostLive();
      prepare(made);
      await confirmLive(made.step, made.ports);
      made.pass(GREEN_MS);
      renewed(made);

      assert.deepEqual([await tellRestorations(made.ports), told(made)], [0, []]);
      assert.equal((await made.store.get('RESTORATION', STRATEGY))?.watched, undefined);
    });
});
