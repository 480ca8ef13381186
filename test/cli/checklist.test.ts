import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import type { Checklist } from '../../domain/checklist/checklist.ts';
import { readChecklist } from '../../domain/checklist/read-checklist.ts';
import { digestOf, digestOfBytes } from '../../domain/ledger/digest.ts';
import { wholeRun } from '../domain/checklist/a-trading-run.ts';
import { RUN } from '../fakes/world.ts';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-24T12:00:00.000Z';
const README = 'README.md';

describe('checklist', () => {
  let computed: Checklist;
  before(async () => {
    computed = await readChecklist(RUN, (await wholeRun()).ports);
  });
  const shown = async (reply: object, ...args: string[]) => {
    const { url } = await open((app) => {
      app.get('/v1/runs/:id/checklist', (c) => c.json(reply));
    });
    return runCommand(['checklist', RUN, ...args, '--url', url]);
  };

  it('shows the boxes first and what is missing below, with exit code 0 when every box is ticked', async () => {
    const { code, stdout } = await shown(computed);

    assert.equal(code, 0);
    assert.match(stdout, /stopped: 29 ticked, 0 attested, 6 open, 12 without occasion/);
    assert.ok(stdout.indexOf('8.1') < stdout.indexOf('1.1 '));
    assert.match(stdout, /7\.2: nobody has said/);
  });

  it('ends with exit code 1 when a box is open, and shows what is open alone', async () => {
    const items = computed.items.map((item) => (item.id === '8.3' ? { ...item, status: 'open' as const } : item));
    const hurt = { ...computed, items, digest: digestOf({ run: computed.run, items }) };

    const { code, stdout } = await shown(hurt, '--open');

    assert.deepEqual([code, /✓/.test(stdout), /✖\s+8\.3/.test(stdout)], [1, false, true]);
  });

  it('is a page or JSON with all evidence', async () => {
    const [page, json] = [await shown(computed, '--markdown'), await shown(computed, '--json')];

    assert.match(page.stdout, /^# Checklist of launch-btc/);
    assert.equal(JSON.parse(json.stdout).digest, computed.digest);
  });

  it('is not believed when its digest is not that of its items', async () => {
    const { code, stdout, stderr } = await shown({ ...computed, digest: digestOfBytes('another') });

    assert.equal(code, 5);
    assert.match(stdout + stderr, /the items have the digest/);
  });
});

describe('attest and attestations', () => {
  const put = { approval: 'attest-1-attestation', summary: 'a sre signs this statement' };
  const view = {
    runbook: {
      ...{ text: digestOfBytes('another runbook'), trace: null, status: 'due' },
      reasons: [{ code: 'first', says: 'it was never attested', until: AT }],
      attested: { item: 'runbook', role: 'sre', statement: 'read', status: 'signed', signedAt: AT },
    },
    attestations: [{ item: '7.2', run: RUN, role: 'sre', statement: 'looked at', status: 'asked' }],
  };
  const standIn = () =>
    open((app) => {
      app.get('/v1/attestations', (c) => c.json(view));
      app.post('/v1/attestations', (c) => c.json(put, 202));
      app.post('/v1/runs/:id/attestations', (c) => c.json(put, 202));
      app.get('/v1/approvals/:id', () => problem(404, 'UnknownApproval', 'there is no such question'));
    });

  it('asks for the signature of a statement about an item, or about the runbook', async () => {
    const { url, requests } = await standIn();
    const attest = (...args: string[]) =>
      runCommand(['attest', ...args, '--statement', 'looked at', '--detach', '--url', url]);

    const [item, runbook] = [await attest(RUN, '7.2', '--role', 'sre'), await attest('runbook')];

    assert.deepEqual([item.code, runbook.code], [0, 0], item.stderr);
    assert.match(item.stdout, /approve attest-1-attestation/);
    assert.deepEqual(
      requests.map(({ path, body }) => [path, body]),
      [
        [`/v1/runs/${RUN}/attestations`, { item: '7.2', statement: 'looked at', role: 'sre' }],
        ['/v1/attestations', { statement: 'looked at' }],
      ],
    );
  });

  it('signs right away otherwise, as approve does', async () => {
    const { url, requests } = await standIn();

    const { code } = await runCommand(['attest', RUN, '7.2', '--statement', 'looked at', '--yes', '--url', url]);

    assert.notEqual(code, 0);
    assert.equal(requests.at(-1)?.path, '/v1/approvals/attest-1-attestation');
  });

  it('needs an item of a run, and signs no other runbook than the one that was read', async () => {
    const { url, requests } = await standIn();

    const no = await runCommand(['attest', RUN, '--statement', 's', '--url', url]);
    const other = await runCommand(['attest', 'runbook', '--file', README, '--statement', 's', '--url', url]);

    assert.deepEqual([no.code, other.code], [2, 14]);
    assert.match(other.stdout + other.stderr, /README.md is sha256/);
    assert.ok(requests.every(({ method }) => method === 'GET'));
  });

  it('takes the runbook that is the deployed one', async () => {
    const text = digestOfBytes(await readFile(README));
    const { url } = await open((app) => {
      app.get('/v1/attestations', (c) => c.json({ ...view, runbook: { ...view.runbook, text } }));
      app.post('/v1/attestations', (c) => c.json(put, 202));
    });

    const { code } = await runCommand([
      'attest',
      'runbook',
      '--file',
      README,
      '--statement',
      's',
      '--detach',
      '--url',
      url,
    ]);

    assert.equal(code, 0);
  });

  it('lists what is due and what was stated', async () => {
    const { url, requests } = await standIn();

    const { code, stdout } = await runCommand(['attestations', '--run', RUN, '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, /due +it was never attested; by 2026-11-24 12:00:00Z/);
    assert.match(stdout, /7\.2 +asked +sre/);
    assert.equal(requests[0]?.path, `/v1/attestations?run=${RUN}`);
    assert.equal((await runCommand(['attestations', '--url', url])).code, 0);
  });
});
