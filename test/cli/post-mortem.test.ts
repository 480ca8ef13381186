import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Surroundings } from '../../cli/surroundings.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const RUN = 'kill-btc-momentum-20261124-0123456789ab';
const filed = (residual: unknown) => ({
  record: { hash: `sha256:${'ab'.repeat(32)}` },
  certificate: { strategy: 'btc-momentum', exposure: { residual } },
});
const page = {
  ...{ log: 'btc-momentum', size: 1, root: 'r' },
  entries: [
    { index: 0, leafHash: 'a', entry: { at: '2026-11-24T12:00:00.000Z', type: 'kill.requested', actor: 'sub-trader' } },
  ],
};
const venues = [
  { source: 'XSIM', positions: [{ instrument: 'BTC-PERP', quantity: 2 }] },
  { source: 'XSIF', positions: [] },
  { source: 'XSIG', unknown: 'it did not answer' },
  { source: 'XSIH' },
];

describe('post-mortem', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'post-mortem-'));
  });
  after(() => rm(folder, { recursive: true }));
  const drafting = (residual: unknown) =>
    open((app) => {
      app.get('/v1/runs/:id/kill-certificate', (c) => c.json(filed(residual)));
      app.get('/v1/ledger/:log', (c) => c.json(page));
    });

  it('drafts to the terminal what ledger and certificate know: timeline, digest, and what is held where', async () => {
    const { url } = await drafting({ venues });

    const { code, stdout } = await runCommand(['post-mortem', 'draft', RUN, '--url', url]);

    assert.equal(code, 0);
    for (const line of ['| 2026-11-24T12:00:00.000Z | kill.requested | sub-trader |', `sha256:${'ab'.repeat(32)}`])
      assert.ok(stdout.includes(line), line);
    assert.match(
      stdout,
      /\* XSIM: 2 BTC-PERP\n\* XSIF: nothing is held\n\* XSIG: not known, it did not answer\n\* XSIH: not known/,
    );
  });

  it('drafts to a file that is not there yet, and overwrites none', async () => {
    const { url } = await drafting('not known');
    const file = join(folder, 'draft.md');

    const first = await runCommand(['post-mortem', 'draft', RUN, '--file', file, '--url', url]);
    const second = await runCommand(['post-mortem', 'draft', RUN, '--file', file, '--url', url]);

    assert.deepEqual([first.code, second.code], [0, 2]);
    assert.match(await readFile(file, 'utf8'), /\* residual: not known/);
  });

  it('judges a file before it is sent: missing, too large, not whole, each with line and reason', async () => {
    const { url, requests } = await open(() => undefined);
    const [draft, large] = [join(folder, 'bad.md'), join(folder, 'large.md')];
    await writeFile(draft, `# Post-mortem: ${RUN}\n`);
    await writeFile(large, 'x'.repeat(1_000_000));
    const submit = (file: string, run = RUN) =>
      runCommand(['post-mortem', 'submit', run, '--file', file, '--url', url]);

    const answers = [
      await submit(join(folder, 'none.md')),
      await submit(large),
      await submit(draft),
      await submit(draft, 'a b'),
    ];

    assert.deepEqual(
      answers.map(({ code }) => code),
      [2, 2, 2, 2],
    );
    assert.match(answers[1]?.stderr ?? '', /line 1: the file has 1000000 bytes, more than 49152/);
    assert.match(answers[2]?.stderr ?? '', /line 1: the section "Timeline" is missing/);
    assert.equal(requests.length, 0);
  });

  it('shows the page, and says who still has to sign it off', async () => {
    let signedOff = false;
    const { url } = await open((app) =>
      app.get('/v1/runs/:id/post-mortem', (c) => c.json({ signedOff, page: '# Post-mortem\n' })),
    );

    const before_ = await runCommand(['post-mortem', 'show', RUN, '--url', url]);
    signedOff = true;
    const after_ = await runCommand(['post-mortem', 'show', RUN, '--url', url]);

    assert.match(before_.stdout + before_.stderr, /it is not signed off/);
    assert.doesNotMatch(after_.stdout + after_.stderr, /it is not signed off/);
  });

  it('records that an action is done, by its number and with its evidence', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/runs/:id/post-mortem/actions/:number', (c) =>
        c.json({ blockingLeft: 0, summary: 'action 2 is done' }),
      ),
    );

    const { code, stdout } = await runCommand([
      'post-mortem',
      'action',
      'done',
      RUN,
      '2',
      '--evidence',
      'PR 12',
      '--url',
      url,
    ]);

    assert.deepEqual(
      [code, requests[0]?.path, requests[0]?.body],
      [0, `/v1/runs/${RUN}/post-mortem/actions/2`, { evidence: 'PR 12' }],
    );
    assert.match(stdout, /action 2 is done/);
  });

  describe('sign', () => {
    const document = { action: 'sign off post-mortem', run: RUN };
    const asked = {
      ...{ id: `${RUN}-post-mortem`, kind: 'post-mortem', strategyId: 'btc-momentum', runId: RUN, epoch: 1 },
      ...{ document, digest: digestOf(document), requiredRoles: ['sre', 'quant', 'risk-officer'], status: 'open' },
      ...{ signatures: [], openedAt: '2026-11-24T12:00:00.000Z', expiresAt: '2026-12-24T12:00:00.000Z' },
    };
    const signingAs = async (as: string) => {
      const { url } = await open((app) => {
        app.get('/v1/runs/:id/post-mortem', (c) => c.json({ signedOff: false, page: '# Post-mortem' }));
        app.get('/v1/approvals/:id', (c) => c.json(asked));
        app.post('/v1/approvals/:id/signatures', (c) =>
          c.json({ approval: asked, summary: 'ok', receipt: { log: 'btc-momentum', index: 1, leafHash: 'ab' } }),
        );
      });
      const people: (string | undefined)[] = [];
      const accessToken: Surroundings['accessToken'] = async (need) => {
        people.push(need.as);
        return 'a-token';
      };
      const args = ['post-mortem', 'sign', RUN, '--decline', '--reason', 'too thin', '--yes', '--as', as, '--url', url];
      const { code, stdout, stderr } = await runCommand(args, { accessToken });
      return { code, told: stdout + stderr, people: [...new Set(people)] };
    };

    for (const [as, user] of [
      ['incident-commander', 'sre'],
      ['service-owner', 'trader'],
      ['risk', 'risk'],
      ['quant', 'quant'],
    ] as const)
      it(`as ${as} is the demo user ${user}`, async () => {
        const { code, people, told } = await signingAs(as);

        assert.deepEqual([code, people], [0, [user]], told);
      });

    it('says how to file one where there is none yet', async () => {
      const { url } = await open((app) =>
        app.get('/v1/runs/:id/post-mortem', () => problem(404, 'NotFound', 'no post-mortem yet', 'post-mortem draft')),
      );

      const { code, stderr } = await runCommand(['post-mortem', 'sign', RUN, '--yes', '--url', url]);

      assert.equal(code, 2);
      assert.match(stderr, /no post-mortem yet[\s\S]*next: post-mortem draft/);
    });

    it('says who is missing as what, and with which commands they sign', async () => {
      const { told } = await signingAs('risk');

      assert.match(
        told,
        /still needed: incident commander \(sre\) and service owner \(quant\) and risk \(risk-officer\)/,
      );
      for (const as of ['incident-commander', 'quant', 'risk'])
        assert.ok(told.includes(`post-mortem sign ${RUN} --as ${as}`), told);
    });
  });
});
