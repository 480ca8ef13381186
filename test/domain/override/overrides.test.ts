import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../domain/approval/caller.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { RunId, StrategyId } from '../../../domain/ids.ts';
import { finding, gateResult, softFinding, warning } from '../../../domain/launch/finding.ts';
import { freezesGate } from '../../../domain/launch/freezes-gate.ts';
import { requirePreconditions } from '../../../domain/launch/require-preconditions.ts';
import { listOverrides } from '../../../domain/override/list-overrides.ts';
import { overridesInUse } from '../../../domain/override/overrides-in-use.ts';
import { requestOverride } from '../../../domain/override/request-override.ts';
import { standingOverrides } from '../../../domain/override/standing-overrides.ts';
import { withOverrides } from '../../../domain/override/with-overrides.ts';
import { refusal } from '../../fakes/refusal.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import {
  launching,
  person,
  REGISTRATION,
  risk,
  START,
  STRATEGY,
  stateOf,
  trader,
  type World,
  world,
} from '../../fakes/world.ts';

const [sre, quant, risk2] = [person('sre', 'sre'), person('quant', 'quant'), person('risk2', 'risk-officer')];
const LAUNCH = RunId.parse('launch-btc-momentum-20261124-failed');
const HOUR = 3_600_000;
const evidence = { source: 'smoke.json', observedAt: START.toISOString() };
const seen = (check: string, expected: string, actual: string) => ({ check, expected, actual, evidence });
const LATENCY = softFinding(false, 'SmokeOutOfTolerance', seen('smoke.latency', '<= 120 ms', '150 ms'));
const FINDINGS = [
  LATENCY,
  finding(false, 'SmokeOutOfTolerance', seen('smoke.orders', '1 to 100', '0')),
  softFinding(true, 'SmokeOutOfTolerance', seen('smoke.rejects', '<= 0', '0')),
  warning('RiskEnvelopeMismatch', seen('risk.effective.x', 'a', 'b')),
];

let made: World;
let keys = 0;
beforeEach(async () => {
  made = world();
  await failed(made);
});

/** A launch that was withdrawn with these findings. */
async function failed({ store }: World, more: object = {}, findings: unknown = FINDINGS): Promise<void> {
  const record = {
    ...{ id: LAUNCH, machine: 'launch', strategyId: STRATEGY, epoch: 0, status: 'FAILED', request: {} },
    ...{ requestedBy: trader.subject, startedAt: START.toISOString(), summary: 'not launched' },
    failure: { code: 'SmokeOutOfTolerance', message: 'too slow', findings },
    ...more,
  };
  await store.put({ kind: 'RUN', record: record as never });
}
const request = async (more: object = {}, caller: Caller = trader, strategyId: string = STRATEGY) => {
  keys += 1;
  const asked = { run: LAUNCH, checks: ['smoke.latency'], reason: 'a slow venue', expiresInMinutes: 240, ...more };
  const command = { caller, strategyId: strategyId as typeof STRATEGY, key: `key-${keys}`, request: asked };
  return (await requestOverride(command, made.ports)).reply;
};
const inForce = async (more: object = {}) => {
  const { approval, override } = await request(more);
  await signedBy(made, approval, risk, sre);
  return override;
};
const verdict = async (findings = [LATENCY]) =>
  (await withOverrides([gateResult('smoke', findings)], { strategyId: STRATEGY }, made.ports))[0]?.verdict;
const statuses = async () => (await listOverrides(STRATEGY, made.ports)).map(({ status }) => status);

describe('an override', () => {
  it('lets nothing pass before the risk officer has verified and another designated person has authorised it', async () => {
    const { approval } = await request();
    assert.deepEqual([await verdict(), await statuses()], ['no-go', ['asked']]);
    await signedBy(made, approval, risk);
    assert.deepEqual([await verdict(), await statuses()], ['no-go', ['asked']]);
    await signedBy(made, approval, sre);

    assert.deepEqual([await verdict(), await statuses()], ['warn', ['in force']]);
    assert.deepEqual(made.store.storyOf(STRATEGY), [
      ...['override.requested', 'approval.requested', 'approval.signed', 'approval.signed'],
    ]);
  });

  it('is signed over the findings as they were seen, its reason and its expiry', async () => {
    const { approval, override } = await request();
    const { document, requiredRoles } = (await made.store.get('APPROVAL', approval)) ?? assert.fail();

    const { approval: _question, ...terms } = override;
    assert.deepEqual([document['override'], requiredRoles], [terms, ['risk-officer', 'sre']]);
    const { check, code, expected, actual } = LATENCY;
    assert.deepEqual(override.findings, [{ check, code, expected, actual }]);
    assert.equal(override.expiresAt, new Date(START.getTime() + 4 * HOUR).toISOString());
  });

  it('is authorised by whom the policy designates, and by nobody else', async () => {
    const { approval } = await request({ authoriser: 'quant' });
    await assert.rejects(signedBy(made, approval, sre), refusal('WrongRole'));
    await signedBy(made, approval, quant, risk);

    assert.equal(await verdict(), 'warn');
    await assert.rejects(request({ authoriser: 'execution-trader' }), refusal('WrongRole'));
  });

  it('is refused where the policy designates nobody', async () => {
    const policy = { ...REGISTRATION.policy, overrideAuthorisers: [] };
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, policy } });

    await assert.rejects(request(), refusal('WrongRole'));
  });

  it('is never signed twice by the same person', async () => {
    const { approval } = await request();
    await signedBy(made, approval, risk);

    await assert.rejects(signedBy(made, approval, { ...risk, roles: ['risk-officer', 'sre'] }), refusal('SamePerson'));
  });

  it('is signed by nobody who signed the launch that met the no-go, as confirmation or flip', async () => {
    const signed = (kind: 'launch-confirmation' | 'flag-flip', actor: Caller, decision = 'approve') => ({
      kind: 'APPROVAL' as const,
      record: { id: approvalId({ runId: LAUNCH }, kind), signatures: [{ actor: actor.subject, decision }] } as never,
    });
    await made.store.put(signed('launch-confirmation', risk));
    await made.store.put(signed('flag-flip', sre));
    const { approval } = await request({ authoriser: 'quant' });

    await assert.rejects(
      signedBy(made, approval, risk),
      (error: Error) => /you have signed the launch/.test(error.message) && refusal('SamePerson')(error),
    );
    await assert.rejects(signedBy(made, (await request()).approval, sre), refusal('SamePerson'));
    await signedBy(made, approval, risk2, quant);
    assert.equal(await verdict(), 'warn');
    await made.store.put(signed('launch-confirmation', risk, 'decline'));
    await signedBy(made, (await request()).approval, risk);
  });

  it('is over at its expiry, when the strategy has moved on, and after a decline', async () => {
    await inForce();
    made.clock.now = new Date(START.getTime() + 4 * HOUR);
    assert.deepEqual([await verdict(), await statuses()], ['no-go', ['expired']]);
    made.clock.now = START;
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 1 });
    assert.deepEqual([await verdict(), await statuses()], ['no-go', ['void']]);
    assert.deepEqual(await overridesInUse(STRATEGY, made.ports), []);

    const { approval } = await request();
    const asked = (await made.store.get('APPROVAL', approval)) ?? assert.fail();
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, status: 'declined' } });
    assert.deepEqual((await statuses()).toSorted(), ['declined', 'void']);
  });

  it('is over when nobody signs it in time', async () => {
    await request();
    made.pass(HOUR / 2);

    assert.deepEqual(await statuses(), ['expired']);
  });

  it('lasts beyond the time to sign it', async () => {
    await inForce();
    made.pass(3 * HOUR);

    assert.equal(await verdict(), 'warn');
  });

  it('carries nothing where the store was edited: its terms, its signatures, or who signed', async () => {
    const override = await inForce();
    const signed = (await made.store.get('APPROVAL', override.approval)) ?? assert.fail();
    const [first, second] = signed.signatures;
    assert.ok(first && second);
    const edits = [
      { kind: 'OVERRIDE', record: { ...override, expiresAt: '2026-11-25T11:00:00.000Z' } },
      { kind: 'APPROVAL', record: { ...signed, document: { ...signed.document, override: {} } } },
      { kind: 'APPROVAL', record: { ...signed, signatures: [first, { ...second, proof: first.proof }] } },
      { kind: 'APPROVAL', record: { ...signed, signatures: [first] } },
      { kind: 'APPROVAL', record: { ...signed, signatures: [first, { ...first, role: 'sre' as const }] } },
      { kind: 'APPROVAL', record: { ...signed, status: 'open' as const } },
    ] as const;
    for (const edit of edits) {
      await made.store.put(edit as never);
      assert.deepEqual(await standingOverrides(STRATEGY, made.ports), [], JSON.stringify(edit));
      await made.store.put({ kind: 'OVERRIDE', record: override });
      await made.store.put({ kind: 'APPROVAL', record: signed });
    }

    assert.equal((await standingOverrides(STRATEGY, made.ports)).length, 1);
  });

  it('stands in the plan with those who signed it, so that they do not sign the launch, too', async () => {
    const { id, reason, expiresAt } = await inForce();

    assert.deepEqual(await overridesInUse(STRATEGY, made.ports), [
      { id, reason, expiresAt, checks: ['smoke.latency'], signers: [risk.subject, sre.subject] },
    ]);
  });
});

describe('requestOverride', () => {
  for (const [what, more, code] of [
    ['a hard no-go', { checks: ['smoke.latency', 'smoke.orders'] }, 'NotOverridable'],
    ['a check that said go', { checks: ['smoke.rejects'] }, 'NotOverridable'],
    ['a warning', { checks: ['risk.effective.x'] }, 'NotOverridable'],
    ['a check that nobody knows', { checks: ['smoke.unknown'] }, 'NotOverridable'],
    ['a run that nobody knows', { run: RunId.parse('launch-unknown') }, 'UnknownRun'],
  ] as const)
    it(`refuses ${what}`, () => assert.rejects(request(more), refusal(code)));

  it('refuses the run of another strategy, one that is a day old, and one that did not fail', async () => {
    await failed(made, { strategyId: StrategyId.parse('eurusd-carry') });
    await assert.rejects(request(), refusal('UnknownRun'));
    await failed(made, { startedAt: new Date(START.getTime() - 24 * HOUR - 1).toISOString() });
    await assert.rejects(request(), refusal('NotOverridable'));
    await failed(made, { failure: undefined });
    await assert.rejects(request(), refusal('NotOverridable'));
    await failed(made, {}, [{ check: 'smoke.latency' }]);
    await assert.rejects(request(), refusal('NotOverridable'));

    assert.deepEqual(await listOverrides(STRATEGY, made.ports), []);
  });

  it('gives the same reply to a repeated request', async () => {
    const asked = { run: LAUNCH, checks: ['smoke.latency'], reason: 'slow', expiresInMinutes: 60 };
    const command = { caller: trader, strategyId: STRATEGY, key: 'the-key', request: asked };
    const first = await requestOverride(command, made.ports);
    made.pass(1000);

    assert.deepEqual((await requestOverride(command, made.ports)).reply, first.reply);
    assert.equal((await listOverrides(STRATEGY, made.ports)).length, 1);
  });
});

describe('withOverrides', () => {
  it('looks for none where none could help', async () => {
    made.store.list = async () => assert.fail('it looked');

    assert.equal(await verdict([finding(false, 'NoGo', seen('a', 'b', 'c'))]), 'no-go');
  });

  it('is what a launch is judged by: what was overridden is a warning in its record, by name', async () => {
    const under = await launching();
    made = under;
    await failed(under);
    const { id } = await inForce();

    const result = await requirePreconditions({ ...under.step, gates: [gateResult('smoke', [LATENCY])] }, under.ports);

    assert.equal(result.verdict, 'go');
    const last = under.store.logs.get(STRATEGY)?.at(-1)?.text ?? '';
    assert.match(last, new RegExp(`"override":"${id}"`));
  });

  it('lets a launch pass the release window, and no freeze that somebody has set', async () => {
    const releaseWindow = { timeZone: 'UTC', days: ['SUN' as const], from: '08:00', to: '09:00' };
    const policy = { ...REGISTRATION.policy, releaseWindow };
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, policy } });
    const before = await freezesGate({ strategyId: STRATEGY }, made.ports);
    await failed(made, {}, before.findings);
    await inForce({ checks: ['freeze.release-window-btc-momentum'] });
    made.pass(60_000);

    const after = await freezesGate({ strategyId: STRATEGY }, made.ports);

    assert.deepEqual([before.verdict, after.verdict], ['no-go', 'warn']);
  });
});
