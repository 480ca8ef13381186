import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const RUN = 'kill-btc-momentum-20261124-0123456789ab';
const AT = '2026-11-24T12:00:00.000Z';
const opened = {
  ...{ runId: RUN, killKey: 'drill-0123456789', reason: 'DRILL: not given', expiresAt: AT },
  summary: 'btc-momentum may be drilled until 12:01; nothing is halted yet',
};
const accepted = (more = {}) => ({
  ...{ runId: RUN, mode: 'KILLED', epoch: 1, status: 'halted', latched: true, spooled: false, leaseBoundMs: 5_000 },
  ...{ instances: [{ instanceId: 'btc-momentum-1', status: 'halted', haltedAt: AT }] },
  ...{ summary: 'btc-momentum is latched', wayBack: 'recover it', ...more },
});

type Phase = { phase: string; ms: number | null; verdict: string; says: string };
const phase = (
  name: string,
  ms: number | null,
  verdict = ms === null ? 'pending' : 'passed',
  says = 'as it is',
): Phase => ({
  ...{ phase: name, ms, verdict, says },
});
const phases = (...some: Phase[]) =>
  ['latched', 'halted', 'venue zero', 'notified', 'confirmed'].map((name) => ({
    ...(some.find((each) => each.phase === name) ?? phase(name, name === 'confirmed' ? null : 12)),
    ...{ budgetMs: 5_000, goalMs: name === 'confirmed' ? null : 50 },
  }));
const view = (verdict: string, ...some: Phase[]) => ({
  drill: { id: RUN, strategyId: 'btc-momentum', openedBy: 'sub-sre', at: AT },
  score: { run: RUN, verdict, decidedAt: AT, phases: phases(...some) },
  record: null as { key: string; hash: string } | null,
});
const question = {
  ...{
    id: 'q-1',
    kind: 'kill-confirmation',
    strategyId: 'btc-momentum',
    runId: RUN,
    digest: 'sha256:0',
    status: 'open',
  },
  ...{ requiredRoles: ['risk-officer'], signatures: [], expiresAt: AT, openedAt: AT, document: {}, epoch: 1 },
};

/** A control plane whose drill looks like each of these in turn, and like the last one from then on. */
const serve =
  (...views: object[]) =>
  (app: Hono) => {
    app.post('/v1/strategies/:id/drills', (c) => c.json(opened));
    app.post('/v1/strategies/:id/kills', (c) => c.json(accepted(), 202));
    app.get('/v1/drills/:id', (c) => c.json(views.length > 1 ? views.shift() : views[0]));
    app.get('/v1/approvals', (c) => c.json({ approvals: [question] }));
  };

describe('drill kill', () => {
  const open = standInForEachTest();
  const drill = (url: string, ...more: string[]) => [
    'drill',
    'kill',
    '--strategy',
    'btc-momentum',
    '--url',
    url,
    ...more,
  ];

  it('opens the drill, sends the kill of every kill under its key, and tells each phase when it is known', async () => {
    const { url, requests } = await open(
      serve(
        view('pending', phase('venue zero', null), phase('notified', null)),
        view('pending', phase('notified', null)),
        view('pending'),
      ),
    );

    const { code, stdout } = await runCommand(drill(url, '--reason', 'quarterly'));

    assert.equal(code, 0);
    const posted = requests.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      posted.map(({ path, body }) => [path, body]),
      [
        ['/v1/strategies/btc-momentum/drills', { reason: 'quarterly' }],
        ['/v1/strategies/btc-momentum/kills', { reason: 'DRILL: not given' }],
      ],
    );
    assert.equal(posted[1]?.key, 'drill-0123456789');
    assert.match(
      stdout,
      /✓ latched: passed[\s\S]*✓ halted: passed[\s\S]*✓ venue zero: passed[\s\S]*✓ notified: passed[\s\S]*PHASE +AFTER +BUDGET +GOAL +VERDICT/,
    );
    assert.equal(stdout.match(/✓ latched/g)?.length, 1);
    assert.match(
      stdout,
      /still needed: risk-officer[\s\S]*approve q-1 --as risk[\s\S]*drill show kill-btc[\s\S]*recover it/,
    );
  });

  it('ends with 18 where a budget was missed, and says which and why', async () => {
    const why = '3 orders still rest at XSIM';
    const { url } = await open(serve(view('failed', phase('venue zero', null, 'failed', why))));

    const { code, stdout, stderr } = await runCommand(drill(url));

    assert.equal(code, 18);
    assert.match(stdout, /✖ venue zero: failed, budget 5.0 s; 3 orders still rest at XSIM/);
    assert.match(
      stderr,
      /the drill of btc-momentum failed: venue zero \(3 orders still rest at XSIM\) \[DrillFailed\]/,
    );
  });

  it('sends no kill where the drill is refused', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/strategies/:id/drills', () => problem(422, 'NotASimulator', 'nothing was halted')),
    );

    const { code, stderr } = await runCommand(drill(url));

    assert.equal(code, 13);
    assert.match(stderr, /nothing was halted \[NotASimulator\]/);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/v1/strategies/btc-momentum/drills'],
    );
  });

  it('says loudly that a kill which was not taken as the drill is a real one', async () => {
    const { url } = await open((app) => {
      app.post('/v1/strategies/:id/kills', (c) => c.json(accepted({ runId: 'kill-another' }), 202));
      serve(view('pending'))(app);
    });

    const { code, stderr } = await runCommand(drill(url));

    assert.equal(code, 1);
    assert.match(stderr, /the kill kill-another was not taken as the drill .* it counts as a real one/);
  });

  it('stops following at Ctrl-C, and says that the drill goes on', async () => {
    const { url } = await open(serve(view('pending', phase('notified', null))));

    const { code, stderr } = await runCommand(drill(url), { interrupted: AbortSignal.abort() });

    assert.equal(code, 130);
    assert.match(stderr, /the drill goes on/);
  });

  it('gives a script the opening, the kill, each phase and the whole as one object a line', async () => {
    const { url } = await open(serve(view('pending')));

    const { lines } = await runCommand([...drill(url), '--output', 'jsonl']);

    assert.deepEqual(lines[0], opened);
    assert.deepEqual(lines[1], accepted());
    assert.deepEqual(
      lines.slice(2, -1).map((line) => Object(line).phase),
      ['latched', 'halted', 'venue zero', 'notified'],
    );
    assert.deepEqual(lines.at(-1), view('pending'));
  });
});

describe('drill show', () => {
  const open = standInForEachTest();

  it('prints each phase and where the score is filed', async () => {
    const record = { key: 'reports/live/drill.json', hash: 'sha256:ab' };
    const { url } = await open(serve({ ...view('passed', phase('confirmed', 61_000)), record }));

    const { code, stdout } = await runCommand(['drill', 'show', RUN, '--url', url]);

    assert.equal(code, 0);
    assert.match(
      stdout,
      /^drill of btc-momentum: passed\n[\s\S]*confirmed +1 min 01 s[\s\S]*filed as reports\/live\/drill.json \(sha256:ab\)/,
    );
  });

  it('ends with 18 for one that missed a budget', async () => {
    const { url } = await open(serve(view('failed', phase('halted', 6_000, 'failed'))));

    assert.equal((await runCommand(['drill', 'show', RUN, '--url', url])).code, 18);
  });
});

describe('drill ls', () => {
  const open = standInForEachTest();

  it('lists drills with their verdicts, and says so where there were none', async () => {
    const drills = [{ ...view('passed').drill, verdict: 'passed' }, view('pending').drill];
    const { url } = await open((app) => app.get('/v1/drills', (c) => c.json({ drills: drills.splice(0) })));

    const [some, none] = [
      await runCommand(['drill', 'ls', '--url', url]),
      await runCommand(['drill', 'ls', '--url', url]),
    ];

    assert.match(some.stdout, /btc-momentum +passed +sub-sre[\s\S]*btc-momentum +not scored/);
    assert.match(none.stdout, /nothing was ever drilled/);
  });
});
