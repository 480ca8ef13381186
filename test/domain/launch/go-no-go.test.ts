import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { signChange } from '../../../domain/governance/sign-change.ts';
import { verifyChange } from '../../../domain/governance/verify-change.ts';
import { ActorId, ApprovalId, RunId } from '../../../domain/ids.ts';
import { planDigestOf } from '../../../domain/launch/check-change-event.ts';
import { passes } from '../../../domain/launch/finding.ts';
import { goNoGo } from '../../../domain/launch/go-no-go.ts';
import type { GoNoGoEvidence } from '../../../domain/launch/go-no-go-evidence.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { completeEvidence } from '../../fakes/go-no-go-evidence.ts';
import { governanceKey } from '../../fakes/governance.ts';
import { missing, OTHER, worse } from './worse-evidence.ts';

describe('goNoGo', () => {
  let complete: GoNoGoEvidence;
  before(async () => {
    complete = await completeEvidence();
  });
  const noes = (evidence: GoNoGoEvidence) =>
    goNoGo(evidence).findings.flatMap(({ check, verdict }) => (passes(verdict) ? [] : [check]));

  it('says go when everything is there, and says which paths were rehearsed without an order', () => {
    const { verdict, findings } = goNoGo(complete);

    assert.equal(verdict, 'warn');
    assert.deepEqual(
      [
        ...new Set(
          findings.flatMap(({ check, verdict: each }) => (each === 'go' ? [] : [`${each} ${check.split('.')[0]}`])),
        ),
      ],
      ['warn kill-path'],
    );
    assert.deepEqual(noes(complete), []);
  });

  for (const [what, no, change] of missing) {
    it(`says no without ${what}, and names it`, () => {
      const { verdict } = goNoGo(change(complete));

      assert.equal(verdict, 'no-go');
      assert.ok(noes(change(complete)).includes(no), String(noes(change(complete))));
    });
  }

  for (const [what, no, change] of worse) {
    it(`says no to ${what}, and names it`, () => {
      assert.ok(!passes(goNoGo(change(complete)).verdict));
      assert.ok(noes(change(complete)).includes(no), String(noes(change(complete))));
    });
  }

  it('says no to a change event of another run, epoch, environment or plan, though it is signed', async () => {
    const key = governanceKey();
    const publicKey = await key.publicKey();
    const signed = complete.change ? verifyChange(complete.change.envelope, complete.change.publicKey) : assert.fail();
    if (signed instanceof Refusal) throw signed;
    const others = {
      ...{ run: RunId.parse('another'), epoch: 1, environment: 'test', planDigest: OTHER, documentDigest: OTHER },
    };
    for (const [member, other] of Object.entries(others)) {
      const envelope = await signChange({ ...signed, [member]: other }, key);
      const change = { envelope, publicKey, recordedAt: complete.at };

      assert.deepEqual(noes({ ...complete, change }), [`governance.${member}`]);
    }
  });

  it('compares the plan that a document shows, or the document itself where it shows none', () => {
    const digest = complete.approval?.digest ?? assert.fail();

    assert.deepEqual(
      [planDigestOf({ document: { planDigest: OTHER }, digest }), planDigestOf({ document: {}, digest })],
      [OTHER, digest],
    );
  });

  it('lets a soft no-go pass that two designated people have overridden, names that, and nothing that is hard or worse', () => {
    const evidence = complete;
    const slow = (ms: number) => ({
      ...evidence,
      measured: evidence.measured.map((each) => ({
        ...each,
        signals: { ...each.signals, 'acknowledgement-p95-ms': ms },
      })),
    });
    const met = goNoGo(slow(130)).findings.filter(({ verdict }) => verdict === 'no-go');
    const override = {
      ...{
        id: RunId.parse('override-1'),
        strategyId: evidence.strategy,
        environment: 'prod',
        runId: evidence.run,
        epoch: 0,
      },
      ...{
        findings: met.map(({ check, code, expected, actual }) => ({ check, code, expected, actual })),
        reason: 'known',
      },
      ...{ authoriser: 'sre' as const, requestedBy: ActorId.parse('sub-trader'), approval: ApprovalId.parse('a-1') },
      ...{ at: '2026-11-24T11:00:00.000Z', expiresAt: '2026-11-24T13:00:00.000Z', signers: [] },
    };
    const overrides = [override];

    const passed = goNoGo({ ...slow(130), overrides });

    assert.equal(met.length, 2);
    assert.equal(passed.verdict, 'warn');
    assert.deepEqual(
      passed.findings.flatMap(({ override: by }) => by ?? []),
      ['override-1', 'override-1'],
    );
    assert.equal(goNoGo({ ...slow(131), overrides }).verdict, 'no-go');
    assert.equal(goNoGo({ ...slow(130), overrides: [{ ...override, expiresAt: evidence.at }] }).verdict, 'no-go');
    assert.equal(goNoGo({ ...slow(130), overrides, dashboard: null }).verdict, 'no-go');
  });

  it('asks a resume for no deployment, smoke, probe or change event of its own, and for all the rest', () => {
    const resume = {
      ...complete,
      machine: 'resume' as const,
      deployment: null,
      smoke: null,
      killPath: null,
      change: null,
    };

    assert.deepEqual(noes(resume), []);
    assert.deepEqual(noes({ ...resume, preconditions: null }), ['preconditions']);
  });

  it('is a function of its evidence: taking away or worsening anything never makes a go of a no', () => {
    const changes = [...missing, ...worse];
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(changes.length - 1), { minLength: 1, maxLength: 6 }), (chosen) => {
        const applied = chosen.map((at) => changes[at] ?? assert.fail());
        let evidence = complete;
        let sayNo = false;
        for (const [, , change] of applied) {
          evidence = change(evidence);
          const no = !passes(goNoGo(evidence).verdict);
          assert.ok(no || !sayNo, 'a no became a go');
          sayNo = no;
        }
        assert.ok(sayNo);
        assert.deepEqual(goNoGo(evidence), goNoGo(structuredClone(evidence)));
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('does not say who waits for the answer', () => {
    assert.ok(!JSON.stringify(complete).includes('token-1'));
    assert.ok(complete.approval?.signatures.every(({ actor }) => ActorId.safeParse(actor).success));
  });
});
