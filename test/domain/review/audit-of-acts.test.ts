import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApprovalKind, Role } from '../../../domain/approval/approval.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import type { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { person, RUN, risk, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { anId, enrolled, quant, sre } from './a-review.ts';
import { type Auditable, auditable, checksOf, done, failuresOf, onlyWrong, overridden, signedBy } from './audited.ts';

const trader2 = person('trader2', 'execution-trader');
const [RESUME, LIMITS, UNFREEZE, LIFT, RECOVERY, KILL, OVERRIDE] = [
  'resume-1',
  'limits-1',
  'unfreeze-1',
  'lift-1',
  'recover-1',
  'kill-1',
  'override-1',
].map(anId) as [never, never, never, never, never, never, never];

/** Somebody did something, and these people had signed for it. */
async function acted(made: World, act: () => Promise<unknown>) {
  await enrolled(made, trader, trader2, risk, sre, quant);
  await act();
  const run = { id: RUN, strategyId: STRATEGY } as Parameters<typeof auditable>[1];
  return auditable(made, run);
}

/** The same log with one entry more, which nobody has sealed. */
const plus = ({ audited, trust }: Auditable, entry: LedgerEntry, index: number): Auditable => ({
  trust,
  audited: { ...audited, entries: [...audited.entries, { index, leafHash: '', text: '', entry }] },
});

const both: readonly Role[] = ['execution-trader', 'risk-officer'];

describe('the audit of what is done beside launches', () => {
  for (const { what, kind, run, roles, people, type, payload, wrong } of [
    {
      what: 'a resumption',
      kind: 'resume',
      run: RESUME,
      roles: both,
      people: [trader, risk],
      type: 'resume.enabled',
      payload: {},
      wrong: /the resumption of resume-1: risk-officer/,
    },
    {
      what: 'new limits',
      kind: 'limits',
      run: LIMITS,
      roles: both,
      people: [trader, risk],
      type: 'limits.applied',
      payload: { approval: 'limits-1-limits' },
      wrong: /new limits .*: risk-officer/,
    },
    {
      what: 'the end of a freeze',
      kind: 'unfreeze',
      run: UNFREEZE,
      roles: ['risk-officer', 'sre'],
      people: [risk, sre],
      type: 'freeze.lifted',
      payload: { approval: 'unfreeze-1-unfreeze' },
      wrong: /the end of a freeze .*: sre/,
    },
    {
      what: 'the end of a restriction',
      kind: 'lift',
      run: LIFT,
      roles: both,
      people: [trader, risk],
      type: 'strategy.lifted',
      payload: { approval: 'lift-1-lift' },
      wrong: /the end of a restriction .*: risk-officer/,
    },
  ] satisfies readonly {
    what: string;
    kind: ApprovalKind;
    run: never;
    roles: readonly Role[];
    people: readonly Caller[];
    type: string;
    payload: object;
    wrong: RegExp;
  }[]) {
    it(`verifies that two people have signed for ${what}`, async () => {
      const made = world();
      const audited = await acted(made, async () => {
        await signedBy(made, { kind, runId: run, roles, people });
        await done(made, type, run, payload);
      });

      assert.deepEqual(failuresOf(audited), []);
      assert.equal(checksOf(audited).length, 2);
    });

    it(`finds ${what} that only one person has signed for`, async () => {
      const made = world();
      const audited = await acted(made, async () => {
        await signedBy(made, { kind, runId: run, roles, people: people.slice(0, 1) });
        await done(made, type, run, payload);
      });

      onlyWrong(audited, wrong);
    });
  }

  it('asks nobody for a freeze that the way back from a kill has lifted, nor for a run that an entry does not name', async () => {
    const made = world();
    const audited = await acted(made, async () => {
      await done(made, 'freeze.lifted', UNFREEZE, { freeze: 'kill-x' });
      await done(made, 'limits.applied', LIMITS, {});
      await done(made, 'gates.judged', RUN, {});
    });

    assert.deepEqual(checksOf(audited), []);
  });

  const recovered = (made: World, signOff: () => Promise<unknown>) =>
    acted(made, async () => {
      await done(made, 'kill.reaffirmed', KILL);
      const latch = {
        runId: KILL,
        initiatedBy: trader.subject,
        initiatorRoles: [],
        at: made.ports.now().toISOString(),
        reason: 'loss',
      };
      made.store.strategies.set(STRATEGY, { ...stateOf(made), latch });
      await signOff();
      await signedBy(made, { kind: 'recovery', runId: RECOVERY, roles: both, people: [trader2, risk] });
      await done(made, 'recovery.lifted', RECOVERY, { recovers: KILL });
    });

  it('verifies a recovery: two who had not killed, and three who have signed the post-mortem off', async () => {
    const made = world();
    const audited = await recovered(made, () =>
      signedBy(made, {
        ...{ kind: 'post-mortem', runId: KILL },
        ...{ roles: ['sre', 'quant', 'risk-officer'], people: [sre, quant, risk] },
      }),
    );

    assert.deepEqual([failuresOf(audited), checksOf(audited).length], [[], 5]);
    const { entry } = audited.audited.entries[0] ?? assert.fail();
    const later = { ...entry, type: 'kill.reaffirmed', actor: trader2.subject };
    assert.deepEqual(failuresOf(plus(audited, later, 999)), []);
  });

  it('finds a recovery whose post-mortem nobody has signed off', async () => {
    const audited = await recovered(world(), async () => undefined);

    assert.deepEqual(
      failuresOf(audited).map((each) => each.replace(/:.*of /, ' ')),
      [
        'missing kill-1: sre: nobody was asked',
        'missing kill-1: execution-trader or quant: nobody was asked',
        'missing kill-1: risk-officer: nobody was asked',
      ],
    );
  });

  it('finds a recovery by somebody who had repeated the kill', async () => {
    const made = world();
    const audited = await acted(made, async () => {
      await done(made, 'kill.reaffirmed', KILL);
      await signedBy(made, { kind: 'recovery', runId: RECOVERY, roles: both, people: [trader, risk] });
      await done(made, 'recovery.lifted', RECOVERY, {});
    });

    onlyWrong(
      audited,
      /failed: the recovery of recover-1: execution-trader: is by somebody who has killed or repeated the kill/,
    );
  });

  it('verifies that a risk officer has signed for the orders that a stop leaves, and not one who asked for the stop', async () => {
    const made = world();
    const left = { approval: 'stop-1-drain-sign-off' };
    const audited = await acted(made, async () => {
      await signedBy(made, { kind: 'drain-sign-off', runId: anId('stop-1'), roles: ['risk-officer'], people: [risk] });
      await done(made, 'drain.left', anId('stop-1'), left);
    });

    assert.deepEqual([failuresOf(audited), checksOf(audited).length], [[], 1]);
    const { entry } = audited.audited.entries[0] ?? assert.fail();
    const askedBy = (run: string) =>
      plus(audited, { ...entry, type: 'stop.requested', actor: risk.subject, run: anId(run) }, 0);
    assert.deepEqual(failuresOf(askedBy('stop-0')), []);
    onlyWrong(
      askedBy('stop-1'),
      /failed: orders that stay .*: risk-officer: is by somebody who has asked for the stop/,
    );
  });

  it('verifies an override: the risk officer and another designated person, neither a signer of that launch', async () => {
    const made = world();
    const audited = await acted(made, async () => {
      await signedBy(made, { kind: 'override', runId: OVERRIDE, roles: ['risk-officer', 'sre'], people: [risk, sre] });
      await done(made, 'gates.judged', RUN, overridden(OVERRIDE));
    });

    assert.deepEqual(failuresOf(audited), []);
    assert.equal(checksOf(audited).length, 2);
  });

  it('finds an override by somebody who has signed that launch, and one that nobody was asked about', async () => {
    const made = world();
    const audited = await acted(made, async () => {
      await signedBy(made, { kind: 'override', runId: OVERRIDE, roles: both, people: [risk, trader] });
      await done(made, 'gates.judged', RUN, overridden(OVERRIDE));
      await done(made, 'approval.signed', RUN, { approval: `${RUN}-launch-confirmation` });
      await done(made, 'gates.judged', anId('launch-2'), overridden('override-2'));
    });

    assert.deepEqual(
      failuresOf(audited).map((each) => each.slice(0, 24)),
      ['failed: the override of ', 'missing: the override of', 'missing: the override of'],
    );
    assert.match(failuresOf(audited).join(), /is by somebody who has signed that launch/);
  });

  it('judges a signature that nothing needed all the same', async () => {
    const made = world();
    const audited = await acted(made, () =>
      signedBy(made, { kind: 'limits', runId: LIMITS, roles: both, people: [trader] }),
    );
    const [check] = checksOf(audited);

    assert.deepEqual([check?.requirement, check?.verdict], ['the proofs of approval.signed', 'verified']);
    onlyWrong(
      { ...audited, trust: { ...audited.trust, keys: new Map() } },
      /failed: the proofs of approval.signed: .*never enrolled/,
    );
  });
});
