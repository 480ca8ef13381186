import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { githubTrackers } from '../../../adapters/github/github-trackers.ts';
import { standInGithub, user } from './stand-in-github.ts';

const HEAD = 'c0ffee0123456789abcdef0123456789abcdef01';
const ISSUE = '/repos/desk/strategies/issues/12';
const PULL = '/repos/desk/strategies/pulls/12';

/** An issue as `GET /repos/{owner}/{repo}/issues/{issue_number}` shows it; a pull request is one that says so. */
const issue = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 1, number: 12, state: 'open', state_reason: null, title: 'btc-momentum: a shorter window' },
  ...{ user: user('ann'), labels: [{ name: 'approved' }], body: 'To prod on Monday.' },
  ...changes,
});
const event = (name: string, by: string, label = 'approved') => ({
  ...{ id: 1, event: name, actor: user(by), label: { name: label, color: 'f29513' } },
  created_at: '2026-11-24T08:00:00Z',
});
const pull = (changes: Record<string, unknown> = {}) => ({
  ...{ number: 12, state: 'open', merged: false, head: { ref: 'shorter', sha: HEAD }, user: user('ann') },
  ...changes,
});
const review = (by: string, state: string, changes: Record<string, unknown> = {}) => ({
  ...{ id: 80, user: user(by), body: '', state, commit_id: HEAD, author_association: 'MEMBER' },
  ...{ submitted_at: '2026-11-24T08:00:00Z', ...changes },
});

describe('githubTrackers', () => {
  const standIn = standInGithub();
  const read = async (routes: (app: Hono) => void) =>
    githubTrackers((await standIn(routes)).github).read('github:desk/strategies#12');
  const facts = async (routes: (app: Hono) => void) => {
    const found = await read(routes);
    if (!('hash' in found)) assert.fail(found.problem);
    const { approved, status, openedBy, approvedBy } = found;
    return { approved, status, openedBy, approvedBy };
  };
  const issueWith =
    (events: unknown[], changes = {}) =>
    (app: Hono) => {
      app.get(ISSUE, (c) => c.json(issue(changes)));
      app.get(`${ISSUE}/events`, (c) => c.json(events));
    };
  const pullWith =
    (reviews: unknown[], changes = {}) =>
    (app: Hono) => {
      app.get(ISSUE, (c) => c.json(issue({ pull_request: { url: 'https://x' } })));
      app.get(PULL, (c) => c.json(pull(changes)));
      app.get(`${PULL}/reviews`, (c) => c.json(reviews));
    };

  it('reads what an issue is about out of its title and text', async () => {
    const found = await read(issueWith([event('labeled', 'bob')]));

    assert.ok('hash' in found);
    assert.ok(['btc-momentum', 'prod'].every((word) => found.about.includes(word)));
    assert.ok(!found.about.includes('momentum'), 'a word is a whole word');
  });

  const issues: readonly (readonly [string, unknown[], Record<string, unknown>, unknown])[] = [
    [
      'an issue that somebody labelled approved',
      [event('labeled', 'cho', 'risk'), event('labeled', 'bob')],
      {},
      { approved: true, status: 'approved', openedBy: 'ann', approvedBy: ['bob'] },
    ],
    [
      'one whose label was taken away again',
      [event('labeled', 'bob'), event('unlabeled', 'cho')],
      {},
      { approved: false, status: 'no label approved', openedBy: 'ann', approvedBy: [] },
    ],
    [
      'one that carries another label',
      [event('labeled', 'bob', 'risk')],
      {},
      { approved: false, status: 'no label approved', openedBy: 'ann', approvedBy: [] },
    ],
    [
      'one that its author labelled',
      [event('labeled', 'ann')],
      {},
      { approved: true, status: 'approved', openedBy: 'ann', approvedBy: ['ann'] },
    ],
    [
      'one that is done',
      [event('labeled', 'bob')],
      { state: 'closed', state_reason: 'completed' },
      { approved: true, status: 'approved', openedBy: 'ann', approvedBy: ['bob'] },
    ],
    [
      'one that was given up',
      [event('labeled', 'bob')],
      { state: 'closed', state_reason: 'not_planned' },
      { approved: false, status: 'closed: not_planned', openedBy: 'ann', approvedBy: ['bob'] },
    ],
    [
      'one that was closed without a reason, by an account that is gone',
      [{ ...event('labeled', 'bob'), actor: null }],
      { state: 'closed' },
      { approved: false, status: 'closed: no reason given', openedBy: 'ann', approvedBy: [] },
    ],
  ];
  for (const [what, events, changes, expected] of issues)
    it(`judges ${what}`, async () => assert.deepEqual(await facts(issueWith(events, changes)), expected));

  const none = 'nobody of the repository has approved its newest commit';
  const pulls: readonly (readonly [string, unknown[], Record<string, unknown>, unknown])[] = [
    ['a pull request that a member approved', [review('bob', 'APPROVED')], {}, [true, 'approved', ['bob']]],
    ['one that nobody reviewed', [], {}, [false, none, []]],
    [
      'one that a stranger approved',
      [review('eve', 'APPROVED', { author_association: 'NONE' })],
      {},
      [false, none, []],
    ],
    [
      'an approval of an earlier commit',
      [review('bob', 'APPROVED', { commit_id: 'dead'.repeat(10) })],
      {},
      [false, none, []],
    ],
    [
      'one that somebody else wants changed',
      [review('bob', 'APPROVED'), review('cho', 'CHANGES_REQUESTED')],
      {},
      [false, 'cho asked for changes', ['bob']],
    ],
    [
      'a reviewer who came round',
      [review('bob', 'CHANGES_REQUESTED'), review('bob', 'APPROVED')],
      {},
      [true, 'approved', ['bob']],
    ],
    [
      'an approver who commented since',
      [review('bob', 'APPROVED'), review('bob', 'COMMENTED')],
      {},
      [true, 'approved', ['bob']],
    ],
    ['an approval that was dismissed', [review('bob', 'APPROVED'), review('bob', 'DISMISSED')], {}, [false, none, []]],
    ['an approver whose account is gone', [{ ...review('bob', 'APPROVED'), user: null }], {}, [false, none, []]],
    [
      'one that was closed unmerged',
      [review('bob', 'APPROVED')],
      { state: 'closed' },
      [false, 'closed without being merged', ['bob']],
    ],
    ['one that is merged', [review('bob', 'APPROVED')], { state: 'closed', merged: true }, [true, 'approved', ['bob']]],
  ];
  for (const [what, reviews, changes, expected] of pulls)
    it(`judges ${what}`, async () => {
      const { approved, status, approvedBy } = await facts(pullWith(reviews, changes));

      assert.deepEqual([approved, status, approvedBy], expected);
    });

  it('tells the head of a pull request, which is what was approved', async () => {
    const found = await read(pullWith([review('bob', 'APPROVED')]));

    assert.equal('hash' in found && found.commit, HEAD);
  });

  it('says that there is no such ticket, and when a part of one could not be read', async () => {
    const gone = await read(() => undefined);
    const half = await read((app) => app.get(ISSUE, (c) => c.json(issue())));
    const noPull = await read((app) => app.get(ISSUE, (c) => c.json(issue({ pull_request: {} }))));
    const noReviews = await read((app) => {
      app.get(ISSUE, (c) => c.json(issue({ pull_request: {} })));
      app.get(PULL, (c) => c.json(pull()));
      app.get(`${PULL}/reviews`, () => Response.json({ message: 'x' }, { status: 500 }));
    });

    assert.deepEqual(
      [gone, half, noPull].map((each) => 'missing' in each && each.missing),
      [true, true, true],
    );
    assert.match('problem' in noReviews ? noReviews.problem : '', /GitHub answered 500/);
  });

  it('asks nobody about what is no reference to GitHub', async () => {
    const { github, asked } = await standIn(() => undefined);

    const found = await githubTrackers(github).read('github:https://evil.example/x#1');

    assert.deepEqual(['missing' in found && found.missing, asked], [true, []]);
  });

  describe('comment', () => {
    const REF = 'github:desk/strategies#12';
    const comment = { text: 'filed: sha256:ab', marker: 'sha256:ab' };
    const write = async (routes: (app: Hono) => void) =>
      githubTrackers((await standIn(routes)).github).comment(REF, comment);

    it('writes below an issue or a pull request, unless that stands there already', async () => {
      const bodies: unknown[] = [];
      const withComments = (there: unknown[]) => (app: Hono) => {
        app.get(`${ISSUE}/comments`, (c) => c.json(there));
        app.post(`${ISSUE}/comments`, async (c) => {
          bodies.push(await c.req.json());
          return c.json({ id: 1, body: 'x' }, 201);
        });
      };

      const first = await write(withComments([{ body: 'another' }, { body: null }]));
      const again = await write(withComments([{ body: 'filed: sha256:ab' }]));

      assert.deepEqual([first, again, bodies], [{}, {}, [{ body: comment.text }]]);
    });

    it('says why it could not: the list is not read, the token may not write, the ticket is none of GitHub', async () => {
      const unread = await write(() => undefined);
      const forbidden = await write((app) => {
        app.get(`${ISSUE}/comments`, (c) => c.json([]));
        app.post(`${ISSUE}/comments`, (c) => c.json({ message: 'Resource not accessible' }, 403));
      });
      const foreign = await githubTrackers((await standIn(() => undefined)).github).comment('OPS-1', comment);

      assert.match(unread.problem ?? '', /no such thing/);
      assert.match(forbidden.problem ?? '', /this token may not/);
      assert.match(foreign.problem ?? '', /OPS-1 is no ticket at GitHub/);
    });
  });
});
