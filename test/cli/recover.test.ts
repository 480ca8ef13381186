import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const approval = (id: string, kind: string) => ({
  ...{ id, kind, strategyId: 'btc-momentum', runId: 'recover-1', epoch: 1, document: {}, digest: 'sha256:1' },
  ...{ requiredRoles: ['execution-trader', 'risk-officer'], signatures: [], status: 'open' },
  ...{ openedAt: '2026-11-24T12:00:00.000Z', expiresAt: '2030-11-24T12:00:00.000Z' },
});
const accepted = {
  ...{ runId: 'recover-1', mode: 'KILLED', epoch: 1, summary: 'recovery started' },
  receipt: { log: 'btc-momentum', index: 7, leafHash: 'a' },
};
const run = (status: string, more = {}) => ({
  ...{ id: 'recover-1', machine: 'recover', strategyId: 'btc-momentum', status, steps: [] },
  ...{ startedAt: '2026-11-24T12:00:00.000Z', summary: 'off; launching is allowed again', ...more },
});

describe('recover', () => {
  it('sends what stays open with its reason, and says which signatures are missing and how to give them', async () => {
    const { url, requests } = await open((app) => {
      app.post('/v1/strategies/:id/recoveries', (c) => c.json(accepted, 202));
      app.get('/v1/runs/:id', (c) => c.json(run('RUNNING')));
      app.get('/v1/approvals', (c) => c.json({ approvals: [approval('recover-1-recovery', 'recovery')] }));
    });
    const args = ['recover', '--strategy', 'btc-momentum', '--accept-exposure', 'hedged', '--ticket', 'INC-7'];

    const { code, stdout, stderr } = await runCommand([...args, '--url', url]);

    assert.equal(code, 0, stderr);
    assert.deepEqual(requests[0]?.body, { ticket: 'INC-7', acceptExposure: { reason: 'hedged' } });
    assert.match(stdout + stderr, /two people recover it.*still needed: execution-trader and risk-officer/);
    assert.match(stdout + stderr, /approve recover-1-recovery --as risk/);
  });

  it('ends with every finding that said no, and the exit code of the first', async () => {
    const finding = {
      check: 'venue.XSIM.orders',
      verdict: 'no-go',
      expected: 'nothing rests',
      actual: '2 orders rest',
    };
    const failure = {
      code: 'OrdersResting',
      message: 'recovery: orders rest',
      next: 'cancel them',
      findings: [finding],
    };
    const { url } = await open((app) => {
      app.post('/v1/strategies/:id/recoveries', (c) => c.json(accepted, 202));
      app.get('/v1/runs/:id', (c) => c.json(run('FAILED', { failure })));
    });

    const { code, stderr } = await runCommand(['recover', '--strategy', 'btc-momentum', '--url', url]);

    assert.equal(code, 10);
    assert.match(
      stderr,
      /venue.XSIM.orders: expected nothing rests, found 2 orders rest.*\n {2}next: cancel them; look at it: tradepulse-cli runs/,
    );
  });

  it('says so when it is through, need not be followed, and passes on a refusal', async () => {
    const { url } = await open((app) => {
      app.post('/v1/strategies/btc-momentum/recoveries', (c) => c.json(accepted, 202));
      app.post('/v1/strategies/other/recoveries', () => problem(409, 'PostMortemMissing', 'there is no post-mortem'));
      app.get('/v1/runs/:id', (c) => c.json(run('SUCCEEDED')));
    });

    const through = await runCommand(['recover', '--strategy', 'btc-momentum', '--url', url]);
    const detached = await runCommand(['recover', '--strategy', 'btc-momentum', '--detach', '--url', url]);
    const refused = await runCommand(['recover', '--strategy', 'other', '--url', url]);

    assert.deepEqual([through.code, detached.code, refused.code], [0, 0, 10]);
    assert.match(through.stdout, /launching is allowed again/);
    assert.match(detached.stdout + detached.stderr, /runs recover-1 --follow/);
  });

  it('of a scope asks first and lifts then; of nothing it is no command', async () => {
    let status = 'asked';
    const { url, requests } = await open((app) => {
      app.post('/v1/recoveries', (c) =>
        c.json({ scope: 'desk:crypto', status, approval: 'recover-scope-1-recovery', summary: `${status} it is` }),
      );
      app.get('/v1/approvals/:id', (c) => c.json(approval('recover-scope-1-recovery', 'recovery')));
    });

    const first = await runCommand(['recover', '--scope', 'desk:crypto', '--url', url]);
    status = 'lifted';
    const second = await runCommand(['recover', '--scope', 'desk:crypto', '--url', url]);
    const nothing = await runCommand(['recover', '--url', url]);

    assert.deepEqual([first.code, second.code, nothing.code, requests[0]?.body], [0, 0, 2, { scope: 'desk:crypto' }]);
    assert.match(first.stdout + first.stderr, /approve recover-scope-1-recovery --as trader/);
    assert.match(second.stdout, /✓ lifted it is/);
  });
});
