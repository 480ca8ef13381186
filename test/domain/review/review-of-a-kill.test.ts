import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { recordExposure } from '../../../domain/kill/record-exposure.ts';
import { recordKill } from '../../../domain/kill/record-kill.ts';
import { findRange } from '../../../domain/review/find-range.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { RUN, risk, STRATEGY, stateOf, trader, world } from '../../fakes/world.ts';
import { everybodyTold, launchOf, liveRun, STOP } from '../checklist/a-trading-run.ts';
import { simulated, wholeDrill } from '../drill/drilled.ts';
import { upToTheCertificate, verified } from '../kill/kill-at-its-end.ts';
import { anId, enrolled, fileIn, over, payloadsOf, reviewed, reviewOf, stoppedWell } from './a-review.ts';
import { done } from './audited.ts';

/** A live run that somebody has killed without a reason, confirmed twenty minutes later. */
async function killedLate() {
  const made = await liveRun();
  made.pass(3_600_000);
  const { runId } = await executeKill(
    {
      caller: { ...trader, authTime: made.clock.now.getTime() },
      strategyId: STRATEGY,
      reason: 'not given',
      commandId: 'key-1',
    },
    killPorts(made),
  );
  const step = { strategyId: STRATEGY, runId, epoch: 1 };
  await recordExposure(step, made.ports);
  await announceKill(step, made.ports);
  await verified(made, step);
  await askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports);
  made.pass(20 * 60_000);
  const asked = (await made.store.get('APPROVAL', approvalId(step, 'kill-confirmation'))) ?? assert.fail();
  for (const caller of [trader, risk])
    await decideApproval(
      asked.id,
      signedAnswer(made, { ...caller, authTime: made.clock.now.getTime() }, asked),
      `k/${caller.subject}`,
      made.ports,
    );
  await recordKill(step, made.ports);
  await certifyKill(step, made.ports);
  await enrolled(made, trader, risk);
  await everybodyTold(made);
  return { made, kill: await over(made, runId) };
}

describe('the review of a run that was killed', () => {
  it('stays open with what it found: no reason, a late confirmation, and nothing settled', async () => {
    const { made, kill } = await killedLate();

    await reviewed(made, kill);

    const { status, findings = [], endedBy, audit } = await reviewOf(made, RUN);
    const codes = findings.map(({ code }) => code);
    assert.deepEqual([status, endedBy, audit?.failed], ['open', kill.id, 0]);
    for (const code of ['kill-confirmed-late', 'kill-without-reason', 'evidence-missing'] as const)
      assert.ok(codes.includes(code), code);
    assert.match(
      fileIn(made, 'retrospective/01-kill-confirmed-late.md'),
      /confirmed 20 minutes after the kill, 15 are agreed/,
    );
  });

  it('archives the run itself, since no stop has, and tells its exposure', async () => {
    const { made, kill } = await killedLate();

    await reviewed(made, kill);

    assert.equal(payloadsOf(made, 'run.archived').length, 1);
    const page = fileIn(made, 'summary.md');
    assert.match(page, /Archived: reports\/live\/.*MANIFEST.json sha256:/);
    assert.match(page, /## Exposure\n\n\| entry .*\n.*\n\| \d+ \| .* kill.exposure/);
    assert.match(page, /settle.json: the run ended in a kill: nothing was settled/);
  });

  it('of what no launch had in its hands is about the kill, and has no archive', async () => {
    const made = world();
    const step = await upToTheCertificate(made);
    await certifyKill(step, made.ports);
    await enrolled(made, trader, risk);
    await everybodyTold(made);

    await reviewed(made, await over(made, step.runId));

    const { status, findings } = await reviewOf(made, step.runId);
    assert.deepEqual([findings, status], [[], 'closed']);
    assert.match(
      fileIn(made, `${step.runId}/summary.md`),
      /It is not archived yet\. Each file is as the ledger says\./,
    );
  });

  it('says that a drill was one', async () => {
    const { made, step } = await wholeDrill(simulated());
    await enrolled(made, trader, risk);
    await everybodyTold(made);

    await reviewed(made, await over(made, step.runId));

    assert.match(fileIn(made, `${step.runId}/summary.md`), /\| DRILL \| a rehearsal: nothing was live \|/);
  });
});

describe('the review of a recovery', () => {
  it('reads from the kill that it recovers to the lifted latch', async () => {
    const made = world();
    const step = await upToTheCertificate(made);
    const recovery = anId('recover-1');
    await done(made, 'recovery.requested', recovery, { recovers: step.runId });
    await done(made, 'recovery.lifted', recovery, { recovers: step.runId });
    await done(made, 'limits.applied', anId('limits-1'));
    const run = {
      ...(await over(made, step.runId)),
      id: recovery,
      machine: 'recover' as const,
      request: { recovers: step.runId },
    };

    const { entries, from } = await findRange(run, made.ports);

    assert.deepEqual(
      [from, entries[0]?.entry.type, entries.at(-1)?.entry.type],
      [0, 'kill.requested', 'recovery.lifted'],
    );
  });
});

describe('the part of the log that a review reads', () => {
  it('ends before the next launch, and with the last entry of a run that belongs to it', async () => {
    const { made } = await stoppedWell();
    const before = stateOf(made);
    const entries = [{ type: 'strategy.registered', actor: trader.subject, payload: {} }];
    await made.store.commit(before, { state: before, entries, reply: null }, made.clock.now);
    await done(made, 'drain.left-gone', STOP);
    await done(made, 'post-mortem.submitted', anId('something-else'));
    await done(made, 'launch.requested', anId('launch-2'));
    await done(made, 'kill.requested', anId('kill-2'));

    const { entries: read, to, runs } = await findRange(await launchOf(made), made.ports);

    const [first, last] = [read[0], read.at(-1)].map((stored) => stored?.entry.type);
    assert.deepEqual([first, last, to, runs], ['launch.requested', 'drain.left-gone', read.length, [RUN, STOP]]);
  });

  it('is all of it for a run that is in no entry, and nothing of a log that is not there', async () => {
    const made = world();
    const launch = { ...(await launchOf((await stoppedWell()).made)), id: anId('launch-x') };
    assert.deepEqual(await findRange(launch, made.ports), { from: 0, to: 0, entries: [], runs: [] });
    await done(made, 'limits.applied', anId('limits-1'));

    assert.equal((await findRange(launch, made.ports)).entries.length, 1);
  });
});
