import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-24T12:00:00.000Z';
const RUN = 'launch-btc-momentum-20261124-0123456789ab';
const review = {
  id: RUN,
  strategyId: 'btc-momentum',
  status: 'open',
  overdue: false,
  findingCount: 2,
  openedAt: AT,
  dueAt: AT,
};
const annotated = {
  run: RUN,
  number: 1,
  file: 'reports/live/x/annotations/0001.json',
  digest: 'sha256:1',
  summary: 'annotation 1 is filed',
};

describe('review', () => {
  it('lists reviews with what was found, and only those that are open when asked', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/reviews', (c) =>
        c.json({
          reviews: [
            { ...review, overdue: true },
            { ...review, status: 'closed', closedBy: 'sub-sre', findingCount: undefined },
          ],
        }),
      );
    });

    const all = await runCommand(['review', 'ls', '--url', url]);
    await runCommand(['review', 'ls', '--open', '--url', url]);
    const lines = await runCommand(['review', 'ls', '--output', 'jsonl', '--url', url]);

    assert.match(all.stdout, /overdue +2 [\s\S]*closed +not known yet .* sub-sre/);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/v1/reviews', '/v1/reviews?status=open', '/v1/reviews'],
    );
    assert.equal(lines.stdout.trim().split('\n').length, 2);
  });

  it('says so where there is none', async () => {
    const { url } = await open((app) => {
      app.get('/v1/reviews', (c) => c.json({ reviews: [] }));
    });

    assert.match((await runCommand(['review', 'ls', '--url', url])).stdout, /nothing was reviewed yet/);
    assert.match((await runCommand(['review', 'ls', '--open', '--url', url])).stdout, /no review is open/);
  });

  it('shows the page of a run, and who closes it while it is open', async () => {
    let status = 'open';
    const { url } = await open((app) => {
      app.get('/v1/runs/:id/review', (c) => c.json({ ...review, status, page: '# Summary' }));
    });

    const shown = await runCommand(['review', 'show', RUN, '--url', url]);
    status = 'closed';
    const closed = await runCommand(['review', 'show', RUN, '--url', url]);

    assert.match(shown.stdout, /# Summary[\s\S]*a risk officer or an SRE .* review close launch-/);
    assert.doesNotMatch(closed.stdout, /review close/);
  });

  it('annotates with a text or a file, control characters stripped', async () => {
    const { url, requests } = await open((app) => {
      app.post('/v1/runs/:id/review/annotations', (c) => c.json(annotated));
    });
    const file = join(await mkdtemp(join(tmpdir(), 'R-review-')), 'note.md');
    await writeFile(file, 'from a file\u0000\n');

    const said = await runCommand(['review', 'annotate', RUN, '--text', 'slow\u001b feed', '--url', url]);
    await runCommand(['review', 'annotate', RUN, '--file', file, '--url', url]);

    assert.deepEqual(
      [said.code, requests.map(({ body }) => body)],
      [0, [{ text: 'slow feed' }, { text: 'from a file' }]],
    );
    assert.match(said.stdout, /annotation 1 is filed/);
  });

  for (const [what, args, says] of [
    ['a text of more than 64 kB', ['--text', 'x'.repeat(65_537)], /has 65537 bytes/],
    ['a text of nothing', ['--text', ' \u0000 '], /nothing is written/],
    ['nothing to say', [], /annotate it with what/],
    ['a file that is not there', ['--file', '/nowhere/at/all'], /cannot be read/],
  ] as const)
    it(`refuses ${what} before anything is sent`, async () => {
      const { url, requests } = await open(() => undefined);

      const { code, stderr } = await runCommand(['review', 'annotate', RUN, ...args, '--url', url]);

      assert.deepEqual([code, requests.length], [2, 0]);
      assert.match(stderr, says);
    });

  it('closes with a note, and passes on why that is not for everybody', async () => {
    let ok = true;
    const { url, requests } = await open((app) => {
      app.post('/v1/runs/:id/review/closures', (c) =>
        ok
          ? c.json({ run: RUN, closedBy: 'sub-sre', summary: 'the review is closed' })
          : problem(409, 'SamePerson', 'you asked for it'),
      );
    });
    const close = () => runCommand(['review', 'close', RUN, '--note', 'looked at', '--url', url]);

    const closed = await close();
    ok = false;
    const refused = await close();

    assert.deepEqual([closed.code, requests[0]?.body, refused.code === 0], [0, { note: 'looked at' }, false]);
    assert.match(refused.stderr, /you asked for it/);
  });

  it('shows the digest of a week, or of the last one that is over', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/reviews/digest', (c) => c.json({ week: '2026-W48', page: '# Digest of week 2026-W48' }));
    });

    const { stdout } = await runCommand(['review', 'digest', '--week', '2026-W48', '--url', url]);
    await runCommand(['review', 'digest', '--url', url]);

    assert.match(stdout, /# Digest of week 2026-W48/);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/v1/reviews/digest?week=2026-W48', '/v1/reviews/digest'],
    );
  });
});
