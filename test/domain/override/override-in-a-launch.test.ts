import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { decideGoNoGo } from '../../../domain/launch/decide-go-no-go.ts';
import type { Finding } from '../../../domain/launch/finding.ts';
import { requestOverride } from '../../../domain/override/request-override.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Launching, sign, untilFlip, untilGoNoGo } from '../../fakes/launch-steps.ts';
import { refusal } from '../../fakes/refusal.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { launching, person, risk, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const [sre, risk2] = [person('sre', 'sre'), person('risk2', 'risk-officer')];
const EARLIER = RunId.parse('launch-btc-momentum-20261124-earlier');
const slow = (p95Ms: number) => ({ latency: { p50Ms: 90, p95Ms } });

/** What a launch on slow engines is refused with. */
async function met(): Promise<Finding[]> {
  const made = await launching();
  made.engines.smokeSays = slow(150);
  const refused = await untilGoNoGo(made).catch((error: unknown) => error);
  assert.ok(refused instanceof Refusal && refused.code === 'SmokeOutOfTolerance', String(refused));
  return refused.facts['findings'] as Finding[];
}

describe('a launch whose soft no-go was overridden', () => {
  let made: Launching;
  beforeEach(async () => {
    const findings = await met();
    made = await launching();
    made.engines.smokeSays = slow(150);
    const run = { machine: 'launch', strategyId: STRATEGY, epoch: 0, status: 'FAILED', request: {}, summary: '' };
    const failure = { code: 'SmokeOutOfTolerance', message: 'too slow', findings };
    const who = { id: EARLIER, requestedBy: trader.subject, startedAt: START.toISOString() };
    await made.store.put({ kind: 'RUN', record: { ...run, ...who, failure } as never });
    const noes = findings.filter(({ verdict, hard }) => verdict === 'no-go' && !hard).map(({ check }) => check);
    const request = { run: EARLIER, checks: noes, reason: 'a slow venue', expiresInMinutes: 60 };
    const command = { caller: trader, strategyId: STRATEGY, key: 'override-key', request };
    const { reply } = await requestOverride(command, made.ports);
    await signedBy(made, reply.approval, risk2, sre);
  });

  it('trades with signatures of others, and its records name the override everywhere', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    await armAndEnable(made.step, made.ports);

    assert.equal(stateOf(made).mode, 'ACTIVE');
    const text = [...made.evidence.files].map(([key, bytes]) => [key.split('/').at(-1), String(bytes)]);
    const files = Object.fromEntries(text) as Record<string, string>;
    assert.match(String(files['smoke.json']), /"override":"override-btc-momentum-/);
    assert.match(String(files['go-no-go.json']), /"verdict":"warn"/);
    assert.ok(made.store.storyOf(STRATEGY).includes('smoke.overridden')); // the replay itself did not pass
  });

  it('is signed by neither of those who signed the override, whose names stand in the plan', async () => {
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);

    await assert.rejects(sign(made, 'launch-confirmation', risk2), refusal('OverrideSigner'));
    await sign(made, 'launch-confirmation', trader);
    await sign(made, 'launch-confirmation', risk);
  });

  it('is refused where the engines have become slower still', async () => {
    made.engines.smokeSays = slow(151);

    await assert.rejects(untilGoNoGo(made), refusal('SmokeOutOfTolerance'));
  });

  it('is refused where anything hard says no beside it', async () => {
    made.engines.smokeSays = { ...slow(150), rejects: 5 };

    await assert.rejects(untilGoNoGo(made), refusal('SmokeOutOfTolerance'));
  });

  it('is not the plan that was signed any more once the override is over', async () => {
    await untilGoNoGo(made);
    const override = (await made.store.list('OVERRIDE'))[0];
    assert.ok(override);
    await made.store.put({ kind: 'OVERRIDE', record: { ...override, expiresAt: START.toISOString() } });

    await assert.rejects(decideGoNoGo(made.step, made.ports), refusal('PlanChanged'));
  });
});
