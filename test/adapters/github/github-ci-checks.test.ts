import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { githubCiChecks } from '../../../adapters/github/github-ci-checks.ts';
import { standInGithub } from './stand-in-github.ts';

const COMMIT = 'c0ffee0123456789abcdef0123456789abcdef01';
const REPOSITORY = 'desk/strategies';
const PATH = '/repos/:owner/:repo/commits/:sha/check-runs';

/** A check run as `GET /repos/{owner}/{repo}/commits/{ref}/check-runs` lists it. */
const run = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 4, head_sha: COMMIT, node_id: 'n', external_id: '', url: 'https://api.github.com/repos/x', app: { id: 1 } },
  ...{ html_url: 'https://github.com/desk/strategies/runs/4', details_url: 'https://x', name: 'build' },
  ...{ status: 'completed', conclusion: 'success' },
  ...{ started_at: '2026-11-24T08:00:00Z', completed_at: '2026-11-24T09:00:00Z' },
  ...changes,
});

describe('githubCiChecks', () => {
  const standIn = standInGithub();
  const checksOf = async (app: (hono: Hono) => void, options: Parameters<typeof standIn>[1] = {}) => {
    const { github, asked, url } = await standIn(app, options);
    return { read: await githubCiChecks(github).read(REPOSITORY, COMMIT), asked, url };
  };
  const problemOf = async (...args: Parameters<typeof checksOf>) => {
    const { read } = await checksOf(...args);
    return 'problem' in read ? read.problem : assert.fail('it was readable');
  };

  it('reads the runs of the commit, with token and version, and where people can look', async () => {
    const runs = [
      run(),
      run({ name: 'heavy-math', status: 'in_progress', conclusion: null, completed_at: null, html_url: null }),
    ];

    const { read, asked, url } = await checksOf((app) =>
      app.get(PATH, (c) => c.json({ total_count: 2, check_runs: runs })),
    );

    assert.ok('checks' in read);
    assert.deepEqual(read.checks, [
      {
        ...{ name: 'build', commit: COMMIT, conclusion: 'success', completedAt: '2026-11-24T09:00:00Z' },
        url: 'https://github.com/desk/strategies/runs/4',
      },
      { name: 'heavy-math', commit: COMMIT },
    ]);
    assert.match(read.hash ?? '', /^sha256:/);
    assert.equal(read.source, `${url}/repos/desk/strategies/commits/${COMMIT}/check-runs`);
    assert.deepEqual(asked, [
      {
        path: `/repos/desk/strategies/commits/${COMMIT}/check-runs?filter=latest&per_page=100&page=1`,
        authorization: 'Bearer ghp-token',
        version: '2022-11-28',
      },
    ]);
  });

  it('takes a run that was asked for again for one that has not finished, whatever it concluded before', async () => {
    const { read } = await checksOf((app) =>
      app.get(PATH, (c) => c.json({ total_count: 1, check_runs: [run({ status: 'queued' })] })),
    );

    assert.deepEqual('checks' in read && read.checks.map(({ conclusion }) => conclusion), [undefined]);
  });

  it('tells the commit that GitHub says it checked, not the one that was asked for', async () => {
    const { read } = await checksOf((app) =>
      app.get(PATH, (c) => c.json({ total_count: 1, check_runs: [run({ head_sha: 'dead'.repeat(10) })] })),
    );

    assert.deepEqual('checks' in read && read.checks.map(({ commit }) => commit), ['dead'.repeat(10)]);
  });

  it('reads all pages', async () => {
    const { read, asked } = await checksOf((app) =>
      app.get(PATH, (c) => {
        const page = Number(c.req.query('page'));
        const check_runs = Array.from({ length: page === 1 ? 100 : 3 }, (_, index) =>
          run({ name: `${page}-${index}` }),
        );
        return c.json({ total_count: 103, check_runs });
      }),
    );

    assert.equal('checks' in read && read.checks.length, 103);
    assert.equal(asked.length, 2);
  });

  it('does not decide on a list that never ends', async () => {
    const check_runs = Array.from({ length: 100 }, () => run());

    const problem = await problemOf((app) => app.get(PATH, (c) => c.json({ total_count: 100_000, check_runs })));

    assert.equal(problem, 'GitHub lists more than 1000 of them');
  });

  const refusals: readonly (readonly [string, number, Record<string, string>, RegExp])[] = [
    ['a token that has run out', 401, {}, /does not know this token any more \(401\)/],
    ['a token that may not', 403, {}, /this token may not read that at GitHub \(403\)/],
    [
      'a rate limit',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1764000000' },
      /come back later \(403, 1764000000\)/,
    ],
    ['a secondary rate limit', 403, { 'retry-after': '60' }, /come back later \(403, 60\)/],
    ['too many requests', 429, {}, /come back later \(429\)/],
    ['a repository that is not there', 404, {}, /no such thing, or this token may not see it \(404\)/],
    ['a commit that is not there', 422, {}, /GitHub answered 422: No commit found/],
    ['a server that fails', 503, {}, /GitHub answered 503/],
  ];
  for (const [what, status, headers, told] of refusals) {
    it(`says in plain words what ${what} means`, async () => {
      const problem = await problemOf((app) =>
        app.get(PATH, () => Response.json({ message: 'No commit found for SHA' }, { status, headers })),
      );

      assert.match(problem, told);
      assert.doesNotMatch(problem, /ghp-token/);
    });
  }

  it('takes an answer of another shape for none', async () => {
    const problem = await problemOf((app) => app.get(PATH, (c) => c.json({ check_runs: [{ name: 'build' }] })));

    assert.match(problem, /not what its documentation says/);
  });

  it('waits for GitHub no longer than it was told', async () => {
    const problem = await problemOf((app) => app.get(PATH, () => new Promise<Response>(() => undefined)), {
      deadlineMs: 30,
    });

    assert.match(problem, /^GitHub does not answer: .*timeout/);
  });

  it('follows no redirection, so that a token goes to one host alone', async () => {
    const problem = await problemOf((app) => app.get(PATH, (c) => c.redirect('http://127.0.0.1:9/elsewhere', 301)));

    assert.match(problem, /^GitHub does not answer: .*redirect/);
  });

  it('asks nothing without a token, and says that there is none', async () => {
    const { read, asked } = await checksOf(() => undefined, {
      token: async () => {
        throw new Error('none is configured (docs/deploy.md)');
      },
    });

    assert.equal(
      'problem' in read && read.problem,
      'no token for GitHub could be read: none is configured (docs/deploy.md)',
    );
    assert.deepEqual(asked, []);
  });
});
