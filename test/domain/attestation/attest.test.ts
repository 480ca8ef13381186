import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { attestItem } from '../../../domain/attestation/attest-item.ts';
import { ItemStatementRequest } from '../../../domain/attestation/attest-request.ts';
import { attestRunbook } from '../../../domain/attestation/attest-runbook.ts';
import { MOST_STATEMENTS } from '../../../domain/attestation/attestation.ts';
import { listAttestations } from '../../../domain/attestation/list-attestations.ts';
import { putStatement } from '../../../domain/attestation/put-statement.ts';
import { RunbookText } from '../../../domain/attestation/runbook-edition.ts';
import { readChecklist } from '../../../domain/checklist/read-checklist.ts';
import { RunId } from '../../../domain/ids.ts';
import { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { person, RUN, risk, STRATEGY, trader, type World } from '../../fakes/world.ts';
import { itemOf, liveRun, stoppedRun, written } from '../checklist/a-trading-run.ts';
import {
  attested,
  deployed,
  EDITION,
  quant,
  runbookAttested,
  runbookStated,
  sre,
  stated,
} from './an-attesting-world.ts';

const DESK = LogId.parse('desk');

describe('a statement about an item that no machine can see', () => {
  let made: World;
  beforeEach(async () => {
    made = await stoppedRun();
  });
  const item = async (id: '7.2' | '5.3.2') => itemOf(await readChecklist(RUN, made.ports), id);

  it('attests it once somebody in a role that may has signed exactly that, with the checklist that they had before them', async () => {
    const before = await readChecklist(RUN, made.ports);
    const question = await stated(made, '7.2');
    assert.equal((await item('7.2')).status, 'open');

    await signedBy(made, question, sre);

    const { status, reason, evidence } = await item('7.2');
    assert.deepEqual([status, reason], ['attested', 'sre attests: seen and done']);
    assert.deepEqual(
      evidence.map(({ source }) => source.replace(/^.* /, '')),
      ['approval.requested', 'approval.signed'],
    );
    const document = (await made.store.get('APPROVAL', question))?.document ?? {};
    assert.deepEqual([document['item'], document['run'], document['checklist']], ['7.2', RUN, before.digest]);
  });

  it('says of something that had no occasion that it had one after all', async () => {
    assert.equal((await item('5.3.2')).status, 'not-applicable');

    await attested(made, '5.3.2', sre);

    assert.deepEqual([(await item('5.3.2')).status, (await item('7.2')).status], ['attested', 'open']);
  });

  it('is for nobody of another role, and for no item that evidence ticks, and for none that there is not', async () => {
    await assert.rejects(stated(made, '7.2', trader), { name: 'WrongRole', message: /sre or quant or risk-officer/ });
    await assert.rejects(stated(made, '7.2', sre, { role: 'quant' }), {
      name: 'WrongRole',
      message: /not by you as quant/,
    });
    await assert.rejects(stated(made, '1.1'), { name: 'InvalidRequest', message: /nobody ticks it by hand/ });
    await assert.rejects(stated(made, '8.1'), { name: 'InvalidRequest', message: /ticked by evidence alone/ });
    await assert.rejects(stated(made, '9.9'), { name: 'InvalidRequest', message: /has no item 9\.9/ });
    await assert.rejects(
      attestItem(
        { caller: sre, runId: 'launch-nobody', key: 'k', request: { item: '7.2', statement: 's' } },
        made.ports,
      ),
      { name: 'UnknownRun' },
    );
  });

  it('counts for nothing in a role that may not attest it, though its signature verifies', async () => {
    const says = { item: '7.2', run: RUN, statement: 'looks fine' };
    const asked = {
      id: `${RUN}/7.2`,
      strategyId: STRATEGY,
      askedBy: trader.subject,
      role: 'execution-trader' as const,
    };
    const { reply } = await putStatement({ ...asked, key: 'a key', body: says, about: STRATEGY, says }, made.ports);

    await signedBy(made, reply.approval, trader);

    assert.equal((await item('7.2')).status, 'open');
  });

  it('is taken in the role that is named, where a person has several', async () => {
    const both = { ...person('both', 'sre'), roles: ['quant' as const, 'sre' as const] };

    const question = await stated(made, '7.2', both, { role: 'quant' });

    assert.deepEqual((await made.store.get('APPROVAL', question))?.requiredRoles, ['quant']);
  });

  it('has 1 to 2,000 characters, none of which moves the cursor', () => {
    const read = (statement: string) => ItemStatementRequest.safeParse({ item: '7.2', statement });

    assert.equal(read('x'.repeat(2_001)).success, false);
    assert.equal(read(' \u0000 ').success, false);
    assert.equal(read(' a\u001b[2Jb\n').data?.statement, 'a [2Jb');
  });

  it('is asked once under one key, and the newest that was signed counts', async () => {
    const request = { item: '7.2', statement: 'first' };
    const command = { caller: sre, runId: RUN, key: 'the same key', request };
    const [one, again] = [await attestItem(command, made.ports), await attestItem(command, made.ports)];
    assert.deepEqual([again.repeated, again.reply], [true, one.reply]);
    await signedBy(made, one.reply.approval, sre);

    await attested(made, '7.2', quant);

    assert.match(String((await item('7.2')).reason), /^quant attests/);
  });

  it('is worth nothing without a signature that verifies, whatever a record says', async () => {
    const question = await stated(made, '7.2');
    const approval = await made.store.get('APPROVAL', question);
    assert.ok(approval);
    await made.store.put({ kind: 'APPROVAL', record: { ...approval, status: 'complete' } });
    const { digest, id } = approval;
    const payload = { approval: id, kind: 'attestation', digest, nonce: approval.document['nonce'], role: 'sre' };
    await written(made, 'forged', { type: 'approval.signed', actor: sre.subject, run: approval.runId, payload });

    assert.equal((await item('7.2')).status, 'open');
  });

  it('is no statement about another run, whenever it was made', async () => {
    const live = await liveRun();
    const run = await live.store.get('RUN', RUN);
    assert.ok(run);
    const earlier = RunId.parse('launch-btc-momentum-20261123-0123456789ab');
    await live.store.put({ kind: 'RUN', record: { ...run, id: earlier } });
    const request = { item: '7.2', statement: 'of yesterday' };
    const { reply } = await attestItem({ caller: sre, runId: earlier, key: 'yesterday', request }, live.ports);

    await signedBy(live, reply.approval, sre);

    assert.equal(itemOf(await readChecklist(RUN, live.ports), '7.2').status, 'open');
  });

  it('is listed with what has become of it', async () => {
    await attested(made, '7.2');
    await stated(made, '5.3.2', trader);

    const { attestations } = await listAttestations(RUN, made.ports);
    made.pass(31 * 60_000);
    const later = await listAttestations(RunId.parse('another'), made.ports);

    const told = attestations.map(({ item: about, status, signedAt }) => [about, status, signedAt !== undefined]);
    assert.deepEqual(told.toSorted(), [
      ['5.3.2', 'asked', false],
      ['7.2', 'signed', true],
    ]);
    assert.deepEqual(later.attestations, []);
    assert.ok((await listAttestations(undefined, made.ports)).attestations.some(({ status }) => status === 'expired'));
  });
});

describe('a statement about the runbook itself', () => {
  let made: World;
  beforeEach(async () => {
    made = await stoppedRun();
  });

  it('is signed over the digests of the deployed text and its trace, and shown with what is due', async () => {
    await deployed(made);
    assert.equal((await listAttestations(undefined, made.ports)).runbook.status, 'due');

    await runbookAttested(made, risk);

    const { runbook } = await listAttestations(undefined, made.ports);
    assert.deepEqual([runbook.text, runbook.trace, runbook.status], [EDITION.text, EDITION.trace, 'current']);
    assert.deepEqual([runbook.attested?.status, runbook.attested?.role], ['signed', 'risk-officer']);
    assert.equal(itemOf(await readChecklist(RUN, made.ports), '8.upkeep').status, 'ticked');
  });

  it('ticks the last line of a checklist only where it came after the run, and is of the deployed edition', async () => {
    await deployed(made);
    await runbookAttested(made);

    for (const other of [{ trace: EDITION.text }, { text: EDITION.trace }]) {
      await deployed(made, { ...EDITION, ...other });
      const { status, missing } = itemOf(await readChecklist(RUN, made.ports), '8.upkeep');

      assert.equal(status, 'open');
      assert.match(missing.join(), /another edition of the runbook was attested/);
    }
  });

  it('counts once it is signed, and until the next one is signed the one before it stands', async () => {
    await deployed(made);
    await runbookAttested(made);
    await runbookStated(made, risk);

    const { runbook } = await listAttestations(undefined, made.ports);

    assert.deepEqual([runbook.attested?.role, runbook.status], ['sre', 'current']);
  });

  it('is for SRE and risk officers, and for what is deployed', async () => {
    const ask = (caller: typeof sre) =>
      attestRunbook({ caller, key: caller.subject, request: { statement: 's' } }, made.ports);
    await assert.rejects(ask(sre), { name: 'InvalidRequest', message: /no runbook, or no strategy/ });
    await deployed(made);

    await assert.rejects(ask(trader), { name: 'WrongRole' });
  });

  it('keeps the last statements only: the ledger has all', async () => {
    await deployed(made);
    for (let time = 0; time <= MOST_STATEMENTS; time += 1) await runbookStated(made);

    assert.equal((await made.store.get('ATTESTATION', 'runbook'))?.statements.length, MOST_STATEMENTS);
    assert.ok(made.store.storyOf(STRATEGY).filter((type) => type === 'approval.requested').length > MOST_STATEMENTS);
  });

  it('is registered by the deployment, once, with an entry for each edition', async () => {
    await deployed(made);
    await deployed(made);
    await deployed(made, { ...EDITION, text: EDITION.trace });

    assert.deepEqual(made.store.storyOf(DESK).filter((type) => type === 'runbook.registered').length, 2);
    assert.equal((await made.store.get('RUNBOOK', 'runbook'))?.text, EDITION.trace);
    assert.deepEqual(RunbookText.parse(JSON.stringify(EDITION)), EDITION);
    assert.equal(RunbookText.safeParse('{}').success, false);
  });

  it('is looked for where its record says, and believed by the ledger alone', async () => {
    await deployed(made);
    await runbookAttested(made);
    const record = await made.store.get('ATTESTATION', 'runbook');
    const [first] = record?.statements ?? [];
    assert.ok(record && first);

    for (const edited of [{ statement: 'edited' }, { expiresAt: '2027-11-24T12:00:00.000Z' }]) {
      await made.store.put({ kind: 'ATTESTATION', record: { ...record, statements: [{ ...first, ...edited }] } });

      const { runbook } = await listAttestations(undefined, made.ports);
      assert.deepEqual([runbook.attested, runbook.status], [null, 'due']);
    }
  });
});
