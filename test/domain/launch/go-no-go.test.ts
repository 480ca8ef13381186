import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { armAndEnable } from '../../../domain/launch/arm-and-enable.ts';
import { askForFlip } from '../../../domain/launch/ask-for-flip.ts';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { checkAttestation } from '../../../domain/launch/check-attestation.ts';
import { checkGoNoGo } from '../../../domain/launch/check-go-no-go.ts';
import { decideGoNoGo } from '../../../domain/launch/decide-go-no-go.ts';
import { riskEnvelopeGate } from '../../../domain/launch/risk-envelope-gate.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { type Launching, sign, untilFlip } from '../../fakes/launch-steps.ts';
import { ARTIFACT, LIMITS, launching, PARAMETERS, risk, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const approved = {
  artifactDigest: ARTIFACT,
  limitsDigest: digestOf(LIMITS),
  parametersDigest: digestOf(PARAMETERS),
};

describe('checkAttestation', () => {
  it('says no to an instance that attested nothing, in every respect', () => {
    const findings = checkAttestation(['x-1'], [], approved, START);

    assert.deepEqual(
      findings.map(({ verdict, actual, code }) => [verdict, actual, code]),
      ['ArtifactNotAttested', 'RiskEnvelopeMismatch', 'ParametersNotApproved'].map((code) => [
        'no-go',
        'no attestation',
        code,
      ]),
    );
  });
});

describe('checkGoNoGo', () => {
  it('says no to an instance that did not answer, and to a change that was not recorded', () => {
    const evidence = { instances: ['x-1'], statuses: [], approved, changeEventDigest: undefined, now: START };

    const findings = checkGoNoGo({ ...evidence, planDigest: digestOf('the plan') });

    assert.deepEqual(
      findings.map(({ check, verdict, actual }) => `${check}: ${verdict}, ${actual}`),
      [
        ...['acknowledgements', 'queue', 'kill-switch'].map((check) => `x-1.${check}: no-go, no answer`),
        ...Object.keys(approved).map((what) => `x-1.${what}: no-go, no attestation`),
        'governance.change-event: no-go, no recorded event',
      ],
    );
  });
});

describe('a launch on its way to the flip', () => {
  let made: Launching;
  beforeEach(async () => {
    made = await launching();
  });

  it('is a no-go while its change is not published', async () => {
    await askForTwoConfirmations({ ...made.step, taskToken: 'token-1' }, made.ports);
    await sign(made, 'launch-confirmation', trader);
    await sign(made, 'launch-confirmation', risk);

    await assert.rejects(decideGoNoGo(made.step, made.ports), { name: 'NoGo', message: /no recorded event/ });
  });

  it('asks for no flip that stands on no plan', async () => {
    const digest = digestOf('a report');
    const command = { ...made.step, taskToken: 'token-2', smokeDigest: digest, goNoGoDigest: digest };

    await assert.rejects(askForFlip(command, made.ports), { name: 'UnknownApproval' });
  });

  it('is not ACTIVE when its mode changed while the flag was written', async () => {
    await untilFlip(made);
    await sign(made, 'flag-flip', trader);
    const enable = made.flags.enable.bind(made.flags);
    made.flags.enable = (flag, stillAllowed) => {
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'SAFE' });
      return enable(flag, stillAllowed);
    };

    await assert.rejects(armAndEnable(made.step, made.ports), { name: 'StrategyNotOff' });

    assert.equal(stateOf(made).mode, 'SAFE');
  });

  for (const [what, text] of [
    ['there is no manifest', undefined],
    ['the manifest cannot be read', 'not an envelope'],
  ] as const) {
    it(`has no risk envelope when ${what}`, async () => {
      made.evidence.files.delete(manifestKey(STRATEGY));
      if (text !== undefined) made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(text));

      assert.equal((await riskEnvelopeGate(made.step, made.ports)).verdict, 'no-go');
    });
  }
});
