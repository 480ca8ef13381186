import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeAction } from '../../../domain/post-mortem/complete-action.ts';
import { readFiledPostMortem } from '../../../domain/post-mortem/read-filed-post-mortem.ts';
import { filedOf, signedPostMortem } from '../../../domain/post-mortem/sign-off.ts';
import { submitPostMortem } from '../../../domain/post-mortem/submit-post-mortem.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { RUN, risk, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';
import {
  answer,
  certifiedKill,
  killedBy,
  postMortemText,
  quant,
  type RecoverWorld,
  refusal,
  row,
  signedOff,
  sre,
  submit,
  trader2,
} from '../recover/a-killed-strategy.ts';

type Killed = Awaited<ReturnType<typeof certifiedKill>>;
const judged = async (made: Killed) => signedPostMortem(await filedOf(made.kill.runId, made.ports), made.kill.runId);
const isSigned = async (made: Killed) => !((await judged(made)) instanceof Refusal);
const fileOf = (made: RecoverWorld, version: number) =>
  Buffer.from(
    made.evidence.files.get(`reports/incidents/${stateOf(made).latch?.runId}/v${version}.md`) ?? '',
  ).toString();

describe('submitPostMortem', () => {
  it('files the text under the kill, names its digest in the ledger, and asks three people in their roles', async () => {
    const made = await certifiedKill();
    const text = postMortemText(made);

    const { reply } = await submit(made, text);

    assert.equal(fileOf(made, 1), text);
    const asked = await made.store.get('APPROVAL', reply.approval);
    assert.deepEqual(asked?.requiredRoles, ['sre', 'execution-trader', 'risk-officer']);
    const { action, strategy, run, file, digest, epoch } = asked?.document ?? {};
    assert.deepEqual(
      [action, strategy, run, file, digest, epoch],
      ['sign off post-mortem', STRATEGY, made.kill.runId, reply.file, reply.digest, 1],
    );
    assert.deepEqual(made.store.storyOf(STRATEGY).slice(-2), ['post-mortem.submitted', 'approval.requested']);
  });

  it('lets the quant sign as the owner of the service where that is said', async () => {
    const made = await certifiedKill();
    const request = { text: postMortemText(made), serviceOwner: 'quant' as const };
    const command = { runId: made.kill.runId, actor: sre.subject, key: 'key-1', request };

    await submitPostMortem(command, made.recoverPorts);

    for (const caller of [quant, sre, risk]) await answer(made, made.kill, 'post-mortem', caller);
    assert.ok(await isSigned(made));
  });

  it('makes earlier sign-offs void with a new version, and keeps every version as it was', async () => {
    const made = await signedOff();
    assert.ok(await isSigned(made));
    const second = `${postMortemText(made)}\nOne thing more.\n`;

    const { reply } = await submit(made, second);

    assert.deepEqual([reply.version, await isSigned(made), fileOf(made, 2)], [2, false, second]);
    assert.equal(fileOf(made, 1), postMortemText(made));
    assert.deepEqual((await made.store.get('APPROVAL', reply.approval))?.signatures, []);
  });

  it('goes on where an earlier try filed a text and could not record it, with that text or another', async () => {
    const made = await certifiedKill();
    const [first, second] = [postMortemText(made), `${postMortemText(made)}\nMore.\n`];
    made.store.losing = 99;
    await assert.rejects(submit(made, first), refusal('Contended'));
    made.store.losing = 0;

    const other = await submit(made, second);
    const same = await submit(made, second, 'again');

    assert.deepEqual([other.reply.version, same.reply.version, fileOf(made, 2)], [2, 2, second]);
  });

  it('keeps an action done that was done before, by its words, and takes evidence from the table', async () => {
    const made = await signedOff([row('yes')]);
    const command = { runId: made.kill.runId, actor: sre.subject, key: 'done-1', number: 1 };
    await completeAction({ ...command, request: { evidence: 'PR 12' } }, made.ports);

    await submit(made, postMortemText(made, [row('no', 'runbook changed', 'tell the desk'), row('yes')]));

    const filed = await made.store.get('POSTMORTEM', made.kill.runId);
    assert.deepEqual(
      filed?.actions.map(({ done }) => done?.evidence),
      ['runbook changed', 'PR 12'],
    );
  });

  it('refuses what is no kill, a repeated kill, an unknown run, and a text that is not whole', async () => {
    const made = await certifiedKill();
    const text = postMortemText(made);
    const again = await killedBy(made, sre, 'key-2');
    const record = await made.store.get('RUN', made.kill.runId);
    assert.ok(record);
    await made.store.put({ kind: 'RUN', record: { ...record, id: RUN, machine: 'launch' } });
    const as = (runId: string) => submit({ ...made, kill: { ...made.kill, runId: runId as never } }, text, runId);

    await assert.rejects(as('nothing'), refusal('UnknownRun'));
    await assert.rejects(as(RUN), { name: 'NotFound', message: /is a launch, no kill/ });
    await assert.rejects(as(again.runId), { name: 'NotFound', facts: { run: made.kill.runId } });
    await assert.rejects(submit(made, 'nothing'), refusal('PostMortemInvalid'));
    assert.equal(fileOf(made, 1), '');
  });

  it('refuses another certificate than that of the kill, a kill without one, and a latch that stands no more', async () => {
    const made = await certifiedKill();
    const text = postMortemText(made);
    const { latch, ...rest } = stateOf(made);
    assert.ok(latch);
    const { certificate: _none, ...uncertified } = latch;
    const other = text.replace(String(latch.certificate), `sha256:${'0'.repeat(64)}`);

    await assert.rejects(submit(made, other), refusal('DigestMismatch'));
    made.store.strategies.set(STRATEGY, { ...rest, latch: uncertified });
    await assert.rejects(submit(made, text, 'a'), refusal('KillNotProved'));
    made.store.strategies.set(STRATEGY, rest);
    await assert.rejects(submit(made, text, 'b'), refusal('StrategyNotKilled'));
  });

  it('refuses a version that somebody else has submitted meanwhile', async () => {
    const made = await certifiedKill();
    const { incidents } = made.recoverPorts;
    const createOnce = incidents.createOnce.bind(incidents);
    const racing = {
      read: incidents.read.bind(incidents),
      createOnce: async (key: string, content: string) => {
        const digest = await createOnce(key, content);
        await submit(made, `${postMortemText(made)}\nAnother.\n`, 'other');
        return digest;
      },
    };
    const request = { text: postMortemText(made), serviceOwner: 'quant' as const };
    const command = { runId: made.kill.runId, actor: sre.subject, key: 'key-1', request };

    await assert.rejects(submitPostMortem(command, { ...made.recoverPorts, incidents: racing }), refusal('Contended'));
  });

  it('refuses a version too many', async () => {
    const made = await certifiedKill();
    const incidents = { ...made.recoverPorts.incidents, read: async () => ({ hash: 'another' }) as never };
    const request = { text: postMortemText(made), serviceOwner: 'quant' as const };
    const command = { runId: made.kill.runId, actor: sre.subject, key: 'key-1', request };

    await assert.rejects(
      submitPostMortem(command, {
        ...made.recoverPorts,
        incidents: { ...incidents, createOnce: async () => '' as never },
      }),
      { name: 'PostMortemInvalid', message: /has 1000 versions already/ },
    );
  });
});

describe('the sign-off of a post-mortem', () => {
  it('needs three different people, each in their role', async () => {
    const made = await certifiedKill();
    await submit(made, postMortemText(made));
    await answer(made, made.kill, 'post-mortem', trader);
    await assert.rejects(answer(made, made.kill, 'post-mortem', trader2), refusal('AlreadyDecided'));
    await assert.rejects(answer(made, made.kill, 'post-mortem', quant), refusal('WrongRole'));
    await answer(made, made.kill, 'post-mortem', risk);
    const missing = await judged(made);

    await answer(made, made.kill, 'post-mortem', sre);

    assert.ok(missing instanceof Refusal);
    assert.deepEqual(missing.facts, { missing: ['sre'], status: 'open' });
    assert.ok(await isSigned(made));
  });

  it('is given and holds at any epoch: killing again takes nothing back', async () => {
    const made = await certifiedKill();
    await submit(made, postMortemText(made));
    await killedBy(made, sre, 'key-2');
    for (const caller of [sre, trader2, risk]) await answer(made, made.kill, 'post-mortem', caller);
    await killedBy(made, sre, 'key-3');

    assert.ok(await isSigned(made));
  });

  it('holds for that very document, and for no other', async () => {
    const made = await signedOff();
    const { postMortem, approval, demoAuthenticators } = await filedOf(made.kill.runId, made.ports);
    assert.ok(postMortem && approval);
    const edited = { ...approval, document: { ...approval.document, version: 9 } };
    const alone = { ...approval, signatures: approval.signatures.map((each) => ({ ...each, actor: sre.subject })) };
    const [first] = approval.signatures;
    const forged = { ...approval, signatures: approval.signatures.map((each) => ({ ...each, proof: first?.proof })) };

    for (const each of [undefined, edited, alone, { ...forged }]) {
      const found = signedPostMortem({ postMortem, approval: each, demoAuthenticators }, made.kill.runId);
      assert.ok(found instanceof Refusal);
      assert.ok(['PostMortemMissing', 'SignatureInvalid'].includes(found.code));
    }
    const other = { ...postMortem, digest: `sha256:${'1'.repeat(64)}` as never };
    assert.ok(
      signedPostMortem({ postMortem: other, approval, demoAuthenticators }, made.kill.runId) instanceof Refusal,
    );
  });
});

describe('completeAction', () => {
  const command = (made: Killed, number: number, key = `done-${number}`) => ({
    ...{ runId: made.kill.runId, number, actor: sre.subject, key },
    request: { evidence: 'PR 12' },
  });

  it('records who did it, when, and what shows it; voids no sign-off', async () => {
    const made = await signedOff([row('yes'), row('yes', '', 'tell the desk')]);

    const { reply } = await completeAction(command(made, 1), made.ports);

    assert.equal(reply.summary, 'action 1 is done; 1 that block recovery are left');
    const filed = await made.store.get('POSTMORTEM', made.kill.runId);
    assert.deepEqual(filed?.actions[0]?.done, { evidence: 'PR 12', at: START.toISOString(), by: sre.subject });
    assert.equal(made.store.storyOf(STRATEGY).at(-1), 'post-mortem.action-done');
    assert.ok(await isSigned(made));
  });

  it('refuses one that is done, one that there is not, and a kill without a post-mortem', async () => {
    const made = await signedOff();
    await completeAction(command(made, 1), made.ports);

    await assert.rejects(completeAction(command(made, 1, 'again'), made.ports), refusal('AlreadyDecided'));
    await assert.rejects(completeAction(command(made, 2), made.ports), refusal('NotFound'));
    const none = await certifiedKill();
    await assert.rejects(completeAction(command(none, 1), none.ports), refusal('NotFound'));
  });
});

describe('readFiledPostMortem', () => {
  it('shows the newest version, what is done, and who has signed', async () => {
    const made = await certifiedKill();
    const text = postMortemText(made, [row('yes'), row('no', 'PR 7', 'tell the desk')]);
    await submit(made, text);
    const before = await readFiledPostMortem(made.kill.runId, made.ports);
    await answer(made, made.kill, 'post-mortem', sre);

    const { page, signedOff: signed, postMortem } = await readFiledPostMortem(made.kill.runId, made.ports);

    assert.ok(page.startsWith(text.trimEnd()));
    assert.match(before.page, /Nobody yet\.\n$/);
    assert.match(page, /^1\. check quotes against a second source \(due 2026-12-31, blocks recovery\): open$/m);
    assert.match(page, /^2\. tell the desk \(due 2026-12-31\): done at 2026-11-24T12:00:00.000Z, PR 7$/m);
    assert.match(page, /^\* sub-sre, sre: approve at /m);
    assert.deepEqual([signed, postMortem.edition], [false, 1]);
  });

  it('shows why somebody declined', async () => {
    const made = await signedOff();
    const asked = await made.store.get('APPROVAL', `${made.kill.runId}-post-mortem`);
    assert.ok(asked);
    const signatures = asked.signatures.map((each) => ({ ...each, decision: 'decline' as const, reason: 'too thin' }));
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, signatures, status: 'declined' } });

    assert.match((await readFiledPostMortem(made.kill.runId, made.ports)).page, /sre: decline at \S+ \(too thin\)$/m);
  });

  it('shows a version that was put to nobody, as one that nobody has signed', async () => {
    const made = await signedOff();
    made.store.records.delete(`APPROVAL#${made.kill.runId}-post-mortem`);

    const { page, signedOff: signed } = await readFiledPostMortem(made.kill.runId, made.ports);

    assert.deepEqual([signed, /Nobody yet\.\n$/.test(page)], [false, true]);
  });

  it('refuses while there is none, and throws for a text that was changed', async () => {
    const made = await certifiedKill();
    await assert.rejects(readFiledPostMortem(made.kill.runId, made.ports), refusal('NotFound'));
    const { reply } = await submit(made, postMortemText(made));
    made.evidence.files.set(reply.file, Buffer.from('another'));

    await assert.rejects(readFiledPostMortem(made.kill.runId, made.ports), /is not the text that was filed/);
  });
});
