import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import * as z from 'zod';
import { Assertion, saidIn } from '../../domain/signature/assertion.ts';
import { aShownPlan } from './a-plan.ts';
import { demoData } from './demo-data.ts';
import { runCommand } from './run-command.ts';
import { aKill, aLog, anApproval, aRun, aStrategy, problem, standInControlPlane } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();

describe('deploy', () => {
  const args = ['deploy', '--env', 'prod', '--strategy', 'btc-momentum', '--ticket', 'CHG-1', '--as', 'trader'];

  it('follows the launch until it needs people, and says who and how', async () => {
    const { url, requests } = await open();

    const { code, stdout } = await runCommand([...args, '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, /✓ Open run: announced \(12 ms\)\n▶ Ask for two confirmations/);
    assert.match(stdout, /npx tradepulse-cli approve launch-btc-momentum-\S+ --as risk/);
    const { plan, planDigest } = aShownPlan();
    const asked = { environment: 'prod', ticket: 'CHG-1' };
    assert.deepEqual(requests[0]?.body, asked);
    assert.deepEqual(requests[1]?.body, { ...asked, expectedPlan: planDigest, shownPlan: plan });
    assert.equal(requests[0]?.authorization, 'Bearer a-token');
    assert.match(requests[0]?.key ?? '', /^[\x21-\x7e]{8,128}$/);
  });

  it('prints every finding of a no-go in plain words and ends with its exit code', async () => {
    const findings = [
      { check: 'orders.acknowledged', verdict: 'go', expected: 'healthy', actual: 'healthy' },
      { check: 'queue.backlog', verdict: 'no-go', expected: '0', actual: '12' },
      { check: 'kill.wired', verdict: 'no-go', expected: 'probed', actual: 'never' },
    ];
    const { url } = await open((app) =>
      app.get('/v1/runs/:id', (c) =>
        c.json(aRun({ status: 'FAILED', failure: { code: 'NoGo', message: 'go/no-go said no', findings } })),
      ),
    );

    const { code, stderr } = await runCommand([...args, '--url', url]);

    assert.equal(code, 13);
    assert.match(stderr, /queue\.backlog: expected 0, found 12[\s\S]*kill\.wired: expected probed, found never/);
    assert.doesNotMatch(stderr, /orders\.acknowledged/);
  });

  it('keeps stdout pure JSON with --output jsonl, and the words on stderr', async () => {
    const { url } = await open();

    const { lines, stderr } = await runCommand([...args, '--url', url, '--output', 'jsonl']);

    assert.equal(lines.length, 5);
    assert.match(stderr, /▶ Ask for two confirmations/);
  });

  it('gives a refusal with what happened, what to do next, and its own exit code', async () => {
    const { url } = await open((app) =>
      app.post('/v1/strategies/:id/launches', () =>
        problem(409, 'StrategyKilled', 'btc-momentum is killed', 'recover it first'),
      ),
    );

    const { code, stderr } = await runCommand([...args, '--url', url]);

    assert.equal(code, 10);
    assert.match(stderr, /✖ btc-momentum is killed \[StrategyKilled\]\n {2}next: recover it first/);
  });

  it('sends a change only once, even when the server fails', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/strategies/:id/launches', () => problem(503, 'StoreUnavailable', 'the store is away')),
    );

    const { code } = await runCommand([...args, '--url', url]);

    assert.equal(code, 15);
    assert.equal(requests.filter(({ path }) => path.endsWith('/launches')).length, 1);
  });
});

const Body = z.object({ decision: z.string(), digest: z.string(), assertion: Assertion });

describe('approve', () => {
  const data = demoData('risk');
  const approve = (url: string, ...more: string[]) => [
    'approve',
    '--strategy',
    'btc-momentum',
    '--as',
    'risk',
    '--url',
    url,
    '--data',
    data,
    ...more,
  ];
  const signed = (app: Hono) =>
    app.post('/v1/approvals/:id/signatures', (c) =>
      c.json({
        approval: anApproval(),
        summary: 'signed as risk-officer',
        receipt: { log: 'x', index: 1, leafHash: 'y' },
      }),
    );

  it('shows the exact document and its digest, and signs that digest', async () => {
    const { url, requests } = await open(signed);

    const { code, stdout } = await runCommand(approve(url, '--yes'));

    assert.equal(code, 0);
    assert.match(stdout, /"ticket": "CHG-1"/);
    assert.ok(stdout.includes(anApproval().digest));
    const { assertion, ...answer } = Body.parse(requests.at(-1)?.body);
    assert.deepEqual(answer, { decision: 'approve', digest: anApproval().digest });
    const said = saidIn(assertion.response.clientDataJSON, assertion.response.authenticatorData);
    assert.deepEqual([said?.challenge, said?.origin, said?.counter], ['Y2hhbGxlbmdl', 'http://localhost:4510', 1]);
  });

  it('asks for a login whose second factor is fresh', async () => {
    const { url } = await open(signed);
    const needs: unknown[] = [];

    await runCommand(approve(url, '--yes'), {
      accessToken: async ({ as, freshWithinSeconds }) => `${needs.push({ as, freshWithinSeconds })}`,
    });

    assert.deepEqual(needs[0], { as: 'risk', freshWithinSeconds: 180 });
  });

  it('signs nothing where nobody can be asked and --yes is missing', async () => {
    const { url, requests } = await open(signed);

    const { code, stderr } = await runCommand(approve(url));

    assert.equal(code, 2);
    assert.match(stderr, /add --yes/);
    assert.ok(requests.every(({ method }) => method === 'GET'));
  });

  it('signs only when the answer at the terminal is yes', async () => {
    const { url, requests } = await open(signed);

    const no = await runCommand(approve(url), { ask: async () => 'y' });
    const yes = await runCommand(approve(url), { ask: async () => 'yes' });

    assert.deepEqual([no.code, yes.code], [2, 0]);
    assert.equal(requests.filter(({ method }) => method === 'POST').length, 1);
  });

  it('signs nothing when the digest is not that of the document shown', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/approvals/:id', (c) => c.json(anApproval({ document: { action: 'something else' } })));
      signed(app);
    });

    const { code, stderr } = await runCommand(approve(url, '--yes'));

    assert.equal(code, 14);
    assert.match(stderr, /sign nothing/);
    assert.ok(requests.every(({ method }) => method === 'GET'));
  });

  it('names the open questions when there is more than one', async () => {
    const { url } = await open((app) =>
      app.get('/v1/approvals', (c) => c.json({ approvals: [anApproval(), anApproval({ id: 'other' })] })),
    );

    const { code, stderr } = await runCommand(approve(url, '--yes'));

    assert.equal(code, 2);
    assert.match(stderr, /2 questions are open: .*other/);
  });

  it('waits a moment for a machine that has only just been started to ask', async () => {
    let looks = 0;
    const { url, requests } = await open((app) => {
      app.get('/v1/approvals', (c) => {
        looks += 1;
        return c.json({ approvals: looks < 4 ? [] : [anApproval()] });
      });
      signed(app);
    });

    const { code, stderr } = await runCommand(approve(url, '--yes', '--detach'));

    assert.equal(code, 0, stderr);
    assert.equal(looks, 4);
    assert.ok(requests.some(({ method, path }) => method === 'POST' && path.endsWith('/signatures')));
  });

  it('gives up where nothing is asked', async () => {
    const { url } = await open((app) => app.get('/v1/approvals', (c) => c.json({ approvals: [] })));

    const { code, stderr } = await runCommand(approve(url, '--yes'));

    assert.equal(code, 10);
    assert.match(stderr, /nothing of this kind waits for a signature at btc-momentum/);
  });

  it('points to flag enable when that is what waits', async () => {
    const { url } = await open((app) =>
      app.get('/v1/approvals', (c) => c.json({ approvals: [anApproval({ kind: 'flag-flip' })] })),
    );

    const { code, stderr } = await runCommand(approve(url, '--yes'));

    assert.equal(code, 10);
    assert.match(stderr, /tradepulse-cli flag enable/);
  });
});

describe('kill', () => {
  const kill = (url: string, ...more: string[]) => ['kill', '--strategy', 'btc-momentum', '--url', url, ...more];

  it('prints what is known, and the way back', async () => {
    const { url, requests } = await open();

    const { code, stdout } = await runCommand(kill(url, '--reason', 'runaway'));

    assert.equal(code, 0);
    assert.match(
      stdout,
      /latched: nothing can launch[\s\S]*✓ btc-momentum-1 halted at 2026-11-23 14:05:09Z[\s\S]*the way back:\n {2}have it confirmed[\s\S]*approve --strategy btc-momentum/,
    );
    assert.deepEqual(requests[0]?.body, { reason: 'runaway' });
  });

  it('never claims more than was answered', async () => {
    const instances = [{ instanceId: 'btc-momentum-1', status: 'unreachable', detail: 'no reply' }];
    const { url } = await open((app) =>
      app.post('/v1/strategies/:id/kills', (c) =>
        c.json(aKill({ status: 'lease-bounded', latched: false, instances }), 202),
      ),
    );

    const { code, stdout, stderr } = await runCommand(kill(url));

    assert.equal(code, 15);
    assert.match(stdout, /NOT latched/);
    assert.match(stderr, /kill it again now/);
    assert.match(stdout, /▶ btc-momentum-1 unreachable \(no reply\): bounded by its lease, 5\.0 s/);
    assert.doesNotMatch(stdout, /btc-momentum-1 halted|has halted/);
  });

  it('is content with a kill that is spooled: says plainly that it is not latched yet, and ends well', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/strategies/:id/kills', (c) =>
        c.json(aKill({ latched: false, spooled: true, epoch: null, receipt: null }), 202),
      ),
    );

    const { code, stdout } = await runCommand(kill(url));

    assert.deepEqual([code, requests.length], [0, 1]);
    assert.match(stdout, /^▶[\s\S]*NOT latched yet[\s\S]*cannot get lost[\s\S]*as soon as the store is back/m);
    assert.doesNotMatch(stdout, /nothing keeps a launch|ledger entry/);
  });

  it('goes on with the same key until it is acknowledged', async () => {
    let failures = 3;
    const { url, requests } = await open((app) =>
      app.post('/v1/strategies/:id/kills', async (c, next) => {
        failures -= 1;
        if (failures >= 0) return problem(failures === 1 ? 500 : 503, 'StoreUnavailable', 'the store is away');
        await next();
        return c.res;
      }),
    );

    const { code } = await runCommand(kill(url));

    assert.equal(code, 0);
    assert.equal(requests.length, 4);
    assert.equal(new Set(requests.map(({ key }) => key)).size, 1);
  });

  it('does not insist where who asks is the reason', async () => {
    const { url, requests } = await open((app) =>
      app.post('/v1/strategies/:id/kills', () => problem(403, 'NotPermitted', 'an auditor may not kill')),
    );

    const { code } = await runCommand(kill(url));

    assert.equal(code, 12);
    assert.equal(requests.length, 1);
  });
});

describe('stop', () => {
  it('of something off succeeds and says so', async () => {
    const { url } = await open();

    const { code, stdout } = await runCommand(['stop', '--strategy', 'btc-momentum', '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, /off already: nothing to stop/);
  });

  it('follows the drain with the orders still open', async () => {
    let reads = 0;
    const { url } = await open((app) => {
      app.post('/v1/strategies/:id/stops', (c) =>
        c.json(
          {
            runId: 'stop-1',
            mode: 'STOPPING',
            epoch: 2,
            summary: 'stopping',
            receipt: { log: 'x', index: 1, leafHash: 'y' },
          },
          202,
        ),
      );
      app.get('/v1/runs/:id', (c) => {
        reads += 1;
        return c.json(aRun({ machine: 'stop', status: reads > 1 ? 'SUCCEEDED' : 'RUNNING', summary: 'settled' }));
      });
    });

    const { code, stdout, stderr } = await runCommand(['stop', '--strategy', 'btc-momentum', '--url', url], {
      terminal: true,
      env: { NO_COLOR: '1' },
    });

    assert.equal(code, 0);
    assert.match(stderr, /draining: 0 open orders/);
    assert.match(stdout, /btc-momentum is off: settled/);
  });
});

describe('status', () => {
  it('shows the first reason why trading is not allowed', async () => {
    const { url } = await open();

    const { stdout } = await runCommand(['status', '--url', url]);

    assert.match(stdout, /STRATEGY\s+MODE[\s\S]*btc-momentum\s+OFF\s+no: the mode is OFF\s+off\s+420 ms old/);
  });

  it('shows all reasons for one strategy', async () => {
    const { url } = await open();

    const { stdout } = await runCommand(['status', '--strategy', 'btc-momentum', '--url', url]);

    assert.match(stdout, /no: the mode is OFF[\s\S]*and: live\.enabled is off/);
  });

  it('prints only changes with --watch on a pipe', async () => {
    const modes = ['OFF', 'OFF', 'LAUNCHING'];
    const controller = new AbortController();
    let reads = 0;
    const { url } = await open((app) =>
      app.get('/v1/strategies', (c) => {
        const mode = modes[reads];
        reads += 1;
        if (reads === modes.length) controller.abort();
        return c.json({ strategies: [aStrategy({ mode, leases: [] })] });
      }),
    );

    const { lines } = await runCommand(['status', '--watch', '--output', 'jsonl', '--url', url], {
      interrupted: controller.signal,
    });

    assert.deepEqual(
      lines.map((line) => (line as { mode: string }).mode),
      ['OFF', 'LAUNCHING'],
    );
  });

  it('redraws in place at a terminal', async () => {
    const controller = new AbortController();
    const { url } = await open((app) =>
      app.get('/v1/strategies', (c) => {
        controller.abort();
        return c.json({ strategies: [aStrategy()] });
      }),
    );

    const { stdout } = await runCommand(['status', '--watch', '--url', url], {
      terminal: true,
      interrupted: controller.signal,
    });

    assert.ok(stdout.startsWith('\u001b[?25l\u001b[H\u001b[J'));
    assert.ok(stdout.endsWith('\u001b[?25h'));
  });
});

describe('ledger --verify', () => {
  const serve = (log: ReturnType<typeof aLog>) => (app: Hono) =>
    app.get('/v1/ledger/:log', (c) => {
      const from = Number(c.req.query('from'));
      return c.json({ ...log, entries: log.entries.slice(from, from + 4) });
    });

  it('recomputes the root over all pages', async () => {
    const { url } = await open(serve(aLog('btc-momentum', 11)));

    const { code, lines } = await runCommand(['ledger', 'btc-momentum', '--verify', '--url', url, '--output', 'jsonl']);

    assert.equal(code, 0);
    assert.deepEqual(lines, [{ log: 'btc-momentum', size: 11, root: aLog('btc-momentum', 11).root, verified: true }]);
  });

  it('names the entry that was altered, and ends with 5', async () => {
    const log = aLog('btc-momentum', 11);
    Object.assign(log.entries[6]?.entry ?? {}, { actor: 'somebody else' });
    const { url } = await open(serve(log));

    const { code, stderr } = await runCommand(['ledger', 'btc-momentum', '--verify', '--url', url]);

    assert.equal(code, 5);
    assert.match(stderr, /does not verify: entry 6 hashes to/);
  });

  it('finds a root that is not that of the entries', async () => {
    const { url } = await open(serve({ ...aLog('btc-momentum', 3), root: 'ff'.repeat(32) }));

    const { code } = await runCommand(['ledger', 'btc-momentum', '--verify', '--url', url]);

    assert.equal(code, 5);
  });
});

describe('a command', () => {
  it('reads again when the server failed, and only then', async () => {
    let failures = 2;
    const { url, requests } = await open((app) =>
      app.get('/v1/runs', async (c, next) => {
        failures -= 1;
        if (failures >= 0) return problem(503, 'StoreUnavailable', 'the store is away');
        await next();
        return c.res;
      }),
    );

    const { code } = await runCommand(['runs', '--url', url]);

    assert.equal(code, 0);
    assert.equal(requests.length, 3);
  });

  it('says that the control plane cannot be reached, and what the engines do then', async () => {
    const { url, close } = await standInControlPlane();
    await close();

    const { code, stderr } = await runCommand(['status', '--url', url]);

    assert.equal(code, 15);
    assert.match(stderr, /does not answer[\s\S]*stops trading when its lease ends/);
  });

  it('tells an error as JSON too when the output is jsonl', async () => {
    const { url } = await open((app) => app.get('/v1/runs', () => problem(403, 'NotPermitted', 'no')));

    const { lines } = await runCommand(['runs', '--url', url, '--output', 'jsonl']);

    assert.deepEqual(lines, [
      { error: { code: 'NotPermitted', message: 'no', next: 'do this next', facts: {}, exitCode: 12 } },
    ]);
  });

  it('paints at a terminal, and never with NO_COLOR or on a pipe', async () => {
    const { url } = await open();
    const args = ['status', '--url', url];

    const painted = await Promise.all([
      runCommand(args, { terminal: true }),
      runCommand(args, { terminal: true, env: { NO_COLOR: '1' } }),
      runCommand(args),
    ]);

    assert.deepEqual(
      painted.map(({ stdout }) => stdout.includes('\u001b[')),
      [true, false, false],
    );
  });

  for (const args of [
    ['kill'],
    ['kill', '--strategy', 'x', '--scope', 'all'],
    ['deploy', '--strategy', 'x'],
    ['nonsense'],
    ['runs', '--output', 'xml'],
    ['ledger', 'x', '--from', '-1'],
    ['flag', 'enable'],
    ['sim', 'fault', 'earthquake'],
  ]) {
    it(`ends with 2 for: ${args.join(' ')}`, async () => {
      const { code, stderr, stdout } = await runCommand([...args, '--url', 'http://127.0.0.1:9']);

      assert.equal(code, 2);
      assert.match(stderr, /^✖ /);
      assert.equal(stdout, '');
    });
  }
});
