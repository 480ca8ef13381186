import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { disarmAndDisable } from '../../../domain/launch/disarm-and-disable.ts';
import { parametersKey } from '../../../domain/launch/read-approved-change.ts';
import { releaseDeployment } from '../../../domain/launch/release-deployment.ts';
import { LOCK_MS } from '../../../domain/lock/renew-lock.ts';
import { type Launching, sign, untilFlip } from '../../fakes/launch-steps.ts';
import { launching, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const failure = { Error: 'NotConfirmedLive', Cause: 'no lease' };
const armed = ({ engines }: Launching) => engines.calls.filter((call) => call.startsWith('arm'));

describe('armAndEnable', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    made.engines.calls.length = 0;
  });

  /** Nothing at all was done. */
  async function isRefused(code: string): Promise<void> {
    await assert.rejects(armAndEnable(made.step, made.ports), { name: code });
    assert.deepEqual([made.flags.live, armed(made), stateOf(made).mode], [false, [], 'LAUNCHING']);
  }

  it('arms every instance and flips the flag, upon two confirmations and the flip', async () => {
    await armAndEnable(made.step, made.ports);

    assert.deepEqual([stateOf(made).mode, made.flags.live, armed(made).length], ['ACTIVE', true, 2]);
  });

  it('does nothing once the lock has run out, whoever has signed', async () => {
    const { lock } = stateOf(made);
    assert.ok(lock);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), lock: { ...lock, expiresAt: '2026-11-24T12:00:00.000Z' } });
    made.pass(1);

    await isRefused('LockExpired');
  });

  it('does nothing without a lock', async () => {
    const { lock: _lost, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, state);

    await isRefused('LockExpired');
  });

  it('does nothing when a venue has been halted since go/no-go', async () => {
    const since = made.ports.now().toISOString();
    const halt = { id: 'halt-1', venue: 'XSIM', since, reason: 'volatility', by: trader.subject, source: 'person' };
    made.store.records.set('HALT#XSIM', { kind: 'HALT', record: { id: 'XSIM', halts: [halt], version: 1 } as never });

    await isRefused('LaunchPostponed');
  });

  it('does nothing when what two people signed is not what would be launched any more', async () => {
    made.evidence.files.set(parametersKey(STRATEGY), Buffer.from('{"window":21}'));

    await isRefused('PlanChanged');
  });

  it('is not ACTIVE when its mode changed while the flag was written: what it did is undone then', async () => {
    const { enable } = made.flags;
    made.flags.enable = async (...given) => {
      const written = await enable.apply(made.flags, given);
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'SAFE' });
      return written;
    };

    await assert.rejects(armAndEnable(made.step, made.ports), { name: 'StrategyNotOff' });
  });
});

describe('what is undone after it', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    await armAndEnable(made.step, made.ports);
  });
  const undone = () => made.store.storyOf(STRATEGY).slice(made.store.storyOf(STRATEGY).indexOf('launch.enabled') + 1);

  it('stands in the ledger one by one, in reverse: flag off, engines halted, launch withdrawn, lock released', async () => {
    await disarmAndDisable(made.step, made.ports);
    await releaseDeployment({ ...made.step, failure }, made.ports);
    await disarmAndDisable(made.step, made.ports); // again, as after a lost answer
    await releaseDeployment({ ...made.step, failure }, made.ports);

    assert.deepEqual(undone(), ['launch.disabled', 'launch.disarmed', 'launch.withdrawn', 'orchestrator.released']);
    assert.deepEqual([stateOf(made).mode, stateOf(made).lock, made.flags.live], ['OFF', undefined, false]);
  });

  it('is not held up by a flag that cannot be written: the engines are halted at once, the flag when it can be', async () => {
    const { disable } = made.flags;
    made.flags.disable = () => Promise.reject(new Error('AppConfig is down'));
    await assert.rejects(disarmAndDisable(made.step, made.ports), { message: 'AppConfig is down' });
    assert.deepEqual(undone(), ['launch.disarmed']);

    made.flags.disable = () => disable.apply(made.flags);
    const { summary, ledgerIndex } = await disarmAndDisable(made.step, made.ports);

    assert.deepEqual(undone(), ['launch.disarmed', 'launch.disabled']);
    assert.match(summary, /^live.enabled = false, 2 of 2 instances halted$/);
    assert.equal(typeof ledgerIndex, 'number');
  });

  it('lasts as long as it takes: nothing that is undone asks for the lock', async () => {
    made.pass(LOCK_MS * 2);

    await disarmAndDisable(made.step, made.ports);
    await releaseDeployment({ ...made.step, failure }, made.ports);

    assert.equal(stateOf(made).mode, 'OFF');
  });
});
