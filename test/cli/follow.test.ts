import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { demoData } from './demo-data.ts';
import { runCommand } from './run-command.ts';
import { anApproval, aRun, aStrategy, problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const receipt = { log: 'btc-momentum', index: 4, leafHash: 'ab' };
/** One approval of a kind that can be signed; what it is after that. */
const signing = (before: object, after: object) => (app: Hono) => {
  app.get('/v1/approvals', (c) => c.json({ approvals: [anApproval(before)] }));
  app.get('/v1/approvals/:id', (c) => c.json(anApproval(before)));
  app.post('/v1/approvals/:id/signatures', (c) =>
    c.json({ approval: anApproval({ ...before, ...after }), summary: 'signed', receipt }),
  );
};
const ended = (more: object) => (app: Hono) => app.get('/v1/runs/:id', (c) => c.json(aRun(more)));

const data = demoData('trader', 'risk');

describe('flag enable', () => {
  const enable = (url: string, ...more: string[]) => [
    'flag',
    'enable',
    '--yes',
    '--as',
    'trader',
    '--url',
    url,
    '--data',
    data,
    ...more,
  ];
  const flip = { kind: 'flag-flip', requiredRoles: ['execution-trader'] };

  it('signs the flip of one launch and follows it until it is live', async () => {
    const { url, requests } = await open((app) => {
      signing(flip, { status: 'complete' })(app);
      ended({ status: 'SUCCEEDED', summary: 'live since now' })(app);
    });

    const { code, stdout } = await runCommand(enable(url, '--run', anApproval().runId));

    assert.equal(code, 0);
    assert.match(stdout, /asks for +the trader enables live trading[\s\S]*✓ signed\n/);
    assert.match(
      stdout,
      /✓ btc-momentum is live: live since now\n {2}watch it: npx tradepulse-cli status --strategy btc-momentum --watch/,
    );
    assert.ok(requests.some(({ path, method }) => method === 'POST' && path.endsWith('/signatures')));
  });

  it('signs nothing for another launch, nor a confirmation for a flip', async () => {
    const { url, requests } = await open(signing({}, {}));

    const other = await runCommand(enable(url, '--run', 'launch-other'));
    const wrongKind = await runCommand(enable(url, '--strategy', 'btc-momentum'));

    assert.deepEqual([other.code, wrongKind.code], [10, 10]);
    assert.match(
      other.stderr,
      /nothing of this kind waits for a signature at launch-other.*\n {2}next: see what waits/,
    );
    assert.match(wrongKind.stderr, /open is: two people confirm the launch \(\S+\), with tradepulse-cli approve/);
    assert.ok(requests.every(({ method }) => method === 'GET'));
  });
});

describe('after the last signature', () => {
  const approve = (url: string, ...more: string[]) => [
    'approve',
    '--data',
    data,
    '--as',
    'risk',
    '--strategy',
    'btc-momentum',
    '--yes',
    '--url',
    url,
    ...more,
  ];
  const confirmation = { kind: 'kill-confirmation', requiredRoles: ['risk-officer'], runId: 'kill-1' };

  it('a kill is followed to its end, and it is said how to come back', async () => {
    const { url } = await open((app) => {
      signing(confirmation, { status: 'complete' })(app);
      ended({ id: 'kill-1', machine: 'kill', status: 'SUCCEEDED', summary: 'confirmed' })(app);
    });

    const { code, stdout } = await runCommand(approve(url));

    assert.equal(code, 0);
    assert.match(stdout, /✓ kill-1: confirmed\n[\s\S]*kill-certificate kill-1[\s\S]*post-mortem draft kill-1 --file/);
  });

  it('nothing is followed after a sign-off; after the last one it is said who recovers', async () => {
    const signOff = { kind: 'post-mortem', requiredRoles: ['risk-officer'], runId: 'kill-1' };
    const { url } = await open(signing(signOff, { status: 'complete' }));
    const other = await open(signing(signOff, { status: 'declined' }));

    const { code, stdout } = await runCommand(approve(url));
    const declined = await runCommand(approve(other.url, '--decline', '--reason', 'too thin'));

    assert.deepEqual([code, declined.code], [0, 0]);
    assert.match(stdout, /post-mortem is complete[\s\S]*two people recover it: .*recover --strategy btc-momentum/);
    assert.doesNotMatch(declined.stdout, /recover --strategy/);
  });

  it('a declined launch is followed until it is released, and that is what was asked for', async () => {
    const { url, requests } = await open((app) => {
      signing({}, { status: 'declined' })(app);
      ended({ status: 'FAILED', failure: { code: 'ApprovalDeclined', message: 'declined by risk' } })(app);
    });

    const { code, stdout } = await runCommand(approve(url, '--decline', '--reason', 'not today'));

    assert.equal(code, 0);
    assert.match(stdout, /ended as FAILED: declined by risk/);
    assert.deepEqual(requests.find(({ method }) => method === 'POST')?.body, {
      decision: 'decline',
      digest: anApproval().digest,
      reason: 'not today',
    });
  });

  it('nothing is followed with --detach, but it is said how to', async () => {
    const { url } = await open(signing({}, { status: 'complete' }));

    const { code, stdout } = await runCommand(approve(url, '--detach'));

    assert.equal(code, 0);
    assert.match(stdout, /follow it: npx tradepulse-cli runs launch-\S+ --follow --data \S+demo-data-\S+ --url http/);
  });

  it('a launch that ends badly is told with its reason', async () => {
    const { url } = await open((app) => {
      signing({}, { status: 'complete' })(app);
      ended({ status: 'TIMED_OUT', summary: undefined })(app);
    });

    const { code, stderr } = await runCommand(approve(url));

    assert.equal(code, 16);
    assert.match(
      stderr,
      /timed out: no reason was recorded \[States\.Timeout\]\n {2}next: look at it: tradepulse-cli runs \S+; then launch again/,
    );
  });
});

describe('runs --follow', () => {
  const follow = (url: string, ...more: string[]) => ['runs', 'run-1', '--follow', '--url', url, ...more];

  it('ends with the run', async () => {
    const { url } = await open(ended({ id: 'run-1', status: 'SUCCEEDED', summary: 'done' }));

    const { code, stdout } = await runCommand(follow(url));

    assert.equal(code, 0);
    assert.match(stdout, /✓ run-1: done\n$/);
  });

  it('says why a run was aborted, and where to look', async () => {
    const { url } = await open(ended({ id: 'run-1', machine: 'stop', status: 'ABORTED', summary: 'by hand' }));

    const { code, stderr } = await runCommand(follow(url));

    assert.equal(code, 1);
    assert.match(stderr, /run-1 was aborted: by hand \[ABORTED\]\n {2}next: look at it: tradepulse-cli runs run-1\n/);
  });

  it('waits no longer than it was told, and says how to go on in this very folder', async () => {
    const { url } = await open();

    const { code, stderr } = await runCommand(follow(url, '--timeout', '3', '--data', 'mine'));

    assert.equal(code, 16);
    assert.match(
      stderr,
      /run-1 was not through after 3 s; it goes on \[FollowTimedOut\]\n {2}next: follow it: npx tradepulse-cli runs run-1 --follow --data mine --url/,
    );
  });

  it('ends with 130 at Ctrl-C, and says that the run goes on', async () => {
    const stop = new AbortController();
    const { url } = await open((app) => {
      app.use(async (_c, next) => {
        stop.abort();
        await next();
      });
    });

    const { code, stderr } = await runCommand(follow(url), { interrupted: stop.signal });

    assert.equal(code, 130);
    assert.match(
      stderr,
      /you stopped following; the run goes on \[Interrupted\]\n {2}next: follow it again: npx tradepulse-cli/,
    );
  });

  it('waits for a run that is not seen yet, but not for one that there is not', async () => {
    let asked = 0;
    const { url } = await open((app) =>
      app.get('/v1/runs/:id', (c) => {
        asked += 1;
        return asked < 3
          ? problem(404, 'UnknownRun', 'there is no run run-1')
          : c.json(aRun({ id: 'run-1', status: 'SUCCEEDED' }));
      }),
    );
    assert.equal((await runCommand(follow(url), { terminal: true })).code, 0);

    asked = -1e6;
    const { code, stderr } = await runCommand(follow(url));

    assert.equal(code, 2);
    assert.match(stderr, /there is no run run-1 \[UnknownRun\]/);
  });
});

describe('stop and settle', () => {
  it('stop follows to the end, or not at all with --detach', async () => {
    const accepted = { runId: 'stop-1', mode: 'STOPPING', epoch: 2, summary: 'stopping', receipt };
    const { url, requests } = await open((app) => {
      app.post('/v1/strategies/:id/stops', (c) => c.json(accepted, 202));
      app.get('/v1/strategies/:id', (c) => c.json(aStrategy({ leases: [] })));
      ended({ id: 'stop-1', machine: 'stop', status: 'SUCCEEDED', summary: null })(app);
    });
    const stop = ['stop', '--strategy', 'btc-momentum', '--url', url];

    const followed = await runCommand([...stop, '--reason', 'end of day', '--ticket', 'CHG-2']);
    const detached = await runCommand([...stop, '--detach']);

    assert.match(followed.stdout, /✓ btc-momentum is off: stop-1\n$/);
    assert.deepEqual(requests[0]?.body, { reason: 'end of day', ticket: 'CHG-2' });
    assert.match(detached.stdout, /follow it: npx tradepulse-cli runs stop-1 --follow/);
  });

  it('settle says what was settled', async () => {
    const { url } = await open((app) =>
      app.post('/v1/strategies/:id/settlements', (c) =>
        c.json({ settlement: {}, summary: 'settled: 0 open orders', receipt }),
      ),
    );

    assert.match(
      (await runCommand(['settle', '--strategy', 'btc-momentum', '--url', url])).stdout,
      /✓ settled: 0 open orders/,
    );
  });

  it('deploy sends what was given and follows nothing with --detach', async () => {
    const { url, requests } = await open();
    const deploy = [
      'deploy',
      '--env',
      'prod',
      '--strategy',
      'btc-momentum',
      '--artifact',
      'sha256:ab',
      '--detach',
      '--url',
      url,
    ];

    const { code, stdout } = await runCommand(deploy);

    assert.equal(code, 0);
    assert.deepEqual(requests[0]?.body, { environment: 'prod', artifact: 'sha256:ab' });
    assert.deepEqual(
      requests.map(({ path }) => path.split('/').at(-1)),
      ['plans', 'launches'],
    );
    assert.match(stdout, /follow it: npx tradepulse-cli runs launch-/);
  });
});
