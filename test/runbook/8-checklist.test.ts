import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Checklist } from '../../domain/checklist/checklist.ts';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { answer, launchedUntil, stopPath } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isRefusal } from './refused.ts';

const BOXES = ['8.1', '8.2', '8.3', '8.4', '8.5', '8.6'];

describe('runbook 8: the checklist of a run, computed from its evidence', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let launch = '';
  const checklist = async () => Checklist.parse(await here.look(`/v1/runs/${launch}/checklist`));
  const open = ({ items }: Checklist, ids = BOXES) =>
    items.filter(({ id, status }) => ids.includes(id) && status === 'open').map(({ id }) => id);
  /** How far the machine of the review is. */
  const reviewing = async (): Promise<string | undefined> => {
    const { status, body } = await here.ask(`/v1/runs/${launch}/review`, { as: 'auditor', method: 'GET' });
    return status === 200 ? (await here.run(String(body['run']))).status : undefined;
  };
  const said = (computed: Checklist) =>
    JSON.stringify(computed.items.filter(({ status }) => status === 'open').map(({ id, missing }) => [id, missing]));

  it('has its boxes open while the run goes on, and says what is missing', async () => {
    launch = await launchedUntil(here, BTC, 'nothing: it is live');

    const computed = await checklist();

    assert.equal(computed.course, 'live');
    assert.deepEqual(open(computed), ['8.4', '8.5', '8.6'], said(computed));
  });

  it('ticks the boxes of section 8 once the run is stopped, archived and reviewed, each with its evidence', async () => {
    const stop = await here.accepted(stopPath(BTC), { as: 'trader' });
    assert.equal((await here.ended(stop, 60_000)).status, 'SUCCEEDED');
    await eventually('the review', reviewing, (run) => run !== undefined && run !== 'RUNNING', 90_000);
    if (open(await checklist(), ['8.6']).length > 0)
      await here.ask(`/v1/runs/${launch}/review/closures`, { as: 'risk', body: { note: 'looked at' } });

    const computed = await eventually('the boxes', checklist, (each) => open(each).length === 0, 60_000).catch(
      checklist,
    );

    assert.deepEqual(open(computed), [], said(computed));
    assert.ok(computed.items.filter(({ id }) => BOXES.includes(id)).every(({ evidence }) => evidence.length > 0));
    const { code, lines } = await here.cli('checklist', stop, '--as', 'auditor');
    assert.deepEqual([code, Checklist.parse(lines[0]).digest], [0, computed.digest]);
    const headers = { authorization: `Bearer ${await here.tokenOf.user('auditor')}` };
    const page = await fetch(`${here.host.url}/v1/runs/${launch}/checklist?format=markdown`, { headers });
    assert.match(page.headers.get('content-type') ?? '', /^text\/markdown/);
    assert.match(await page.text(), /^- \[x\] \*\*8\.6\*\*/m);
  });

  it('opens a box again when somebody with a disk edits or removes one file, and names it', async () => {
    const whole = await checklist();
    const [smoke] =
      whole.items.find(({ id }) => id === '2.4')?.evidence.filter(({ source }) => source.endsWith('smoke.json')) ?? [];
    const key = smoke?.source ?? assert.fail('there is no smoke.json');
    assert.equal(digestOfBytes(await here.evidence.read(key)), smoke?.hash);

    for (const change of [(text: string) => text.replace('dry-run', 'wet-run'), () => undefined]) {
      const hurt = await here.evidence.tampered(key, change, checklist);

      assert.deepEqual(open(hurt), ['8.3', '8.5']);
      assert.match(said(hurt), /smoke\.json is not/);
      assert.equal(hurt.items.filter(({ status }) => status === 'ticked').length < whole.counts.ticked, true);
    }
    const { code } = await here.evidence.tampered(
      key,
      () => '{}',
      () => here.cli('checklist', launch, '--as', 'auditor'),
    );
    assert.equal(code, 1);
    assert.deepEqual((await checklist()).counts, whole.counts);
  });

  it('lets a person attest what no machine can see, signed over the checklist as it is, and nothing that evidence ticks', async () => {
    const statement = 'no threshold was changed; the dashboards are as they were';
    const attest = await here.cli('attest', launch, '7.2', '--statement', statement, '--yes', '--as', 'sre');
    assert.equal(attest.code, 0, attest.words);

    const item = (await checklist()).items.find(({ id }) => id === '7.2');

    assert.deepEqual([item?.status, item?.reason], ['attested', `sre attests: ${statement}`]);
    cliRefused(
      await here.cli('attest', launch, '1.1', '--statement', 'all is well', '--yes', '--as', 'sre'),
      'InvalidRequest',
      2,
    );
    const body = { item: '7.2', statement: 'x'.repeat(2_001) };
    isRefusal(await here.ask(`/v1/runs/${launch}/attestations`, { as: 'sre', body }), 'InvalidRequest', 400);
    isRefusal(await here.ask(`/v1/runs/${launch}/attestations`, { as: 'auditor', body }), 'WrongRole', 403);
  });

  it('asks for the runbook itself to be attested after the run, over the very text that is deployed', async () => {
    const { code, words } = await here.cli(
      'attest',
      'runbook',
      '--file',
      'docs/runbook.md',
      '--statement',
      'read',
      '--yes',
      '--as',
      'sre',
    );
    assert.equal(code, 0, words);

    const view = await here.cli('attestations', '--as', 'auditor');
    const runbook = Object(view.lines[0]).runbook;

    assert.equal(runbook.status, 'current');
    assert.deepEqual(open(await checklist(), ['8.upkeep']), []);
    cliRefused(
      await here.cli('attest', 'runbook', '--file', 'README.md', '--statement', 'read', '--yes', '--as', 'sre'),
      'DigestMismatch',
      14,
    );
  });

  it('counts no statement that nobody has signed', async () => {
    const put = await here.ask('/v1/attestations', { as: 'risk', body: { statement: 'read' } });
    const question = await here.approvals().then((all) => all.find(({ id }) => id === put.body['approval']));
    assert.ok(question);

    const declined = await answer(here, question, 'risk', 'decline');

    assert.deepEqual([put.status, declined.status], [202, 200]);
    assert.equal(Object(await here.look('/v1/attestations')).runbook.attested.role, 'sre');
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
