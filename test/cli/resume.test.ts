import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const ARGS = ['resume', '--strategy', 'btc-momentum', '--reason', 'the network is back'];
const approval = {
  ...{ id: 'resume-1-resume', kind: 'resume', strategyId: 'btc-momentum', runId: 'resume-1', epoch: 1, document: {} },
  ...{ digest: 'sha256:1', requiredRoles: ['execution-trader', 'risk-officer'], signatures: [], status: 'open' },
  ...{ openedAt: '2026-11-24T12:00:00.000Z', expiresAt: '2030-11-24T12:00:00.000Z' },
};
const isSafe = (app: Hono) => app.get('/v1/strategies/:id', (c) => c.json({ mode: 'SAFE' }));
const accepted = {
  ...{ runId: 'resume-1', mode: 'SAFE', epoch: 1, summary: 'resumption started; it stays SAFE' },
  receipt: { log: 'btc-momentum', index: 7, leafHash: 'a' },
};
const run = (status: string, more = {}) => ({
  ...{ id: 'resume-1', machine: 'resume', strategyId: 'btc-momentum', status, steps: [] },
  ...{ startedAt: '2026-11-24T12:00:00.000Z', summary: 'live again', ...more },
});

describe('resume', () => {
  it('sends its reason and ticket, and says which signatures are missing and how to give them', async () => {
    const { url, requests } = await open((app) => {
      isSafe(app);
      app.post('/v1/strategies/:id/resumptions', (c) => c.json(accepted, 202));
      app.get('/v1/runs/:id', (c) => c.json(run('RUNNING')));
      app.get('/v1/approvals', (c) => c.json({ approvals: [approval] }));
    });

    const { code, stdout, stderr } = await runCommand([...ARGS, '--ticket', 'INC-7', '--url', url]);

    assert.equal(code, 0, stderr);
    assert.deepEqual(requests.at(1)?.body, { reason: 'the network is back', ticket: 'INC-7' });
    assert.match(stdout + stderr, /stays SAFE until both have signed/);
    assert.match(stdout + stderr, /two people resume it.*still needed: execution-trader and risk-officer/);
    assert.match(stdout + stderr, /resume-1-resume --as risk/);
  });

  it('ends with every finding that said no, and what to do next', async () => {
    const finding = {
      ...{ check: 'position.BTC-PERP', verdict: 'no-go' },
      ...{ expected: '0.3, as the venues say', actual: '0.1, as the engines say' },
    };
    const failure = {
      ...{ code: 'PositionsDiffer', message: 'reconciliation: positions differ', findings: [finding] },
      next: 'mend what the findings name, then resume again',
    };
    const { url } = await open((app) => {
      isSafe(app);
      app.post('/v1/strategies/:id/resumptions', (c) => c.json(accepted, 202));
      app.get('/v1/runs/:id', (c) => c.json(run('FAILED', { failure })));
    });

    const { code, stderr } = await runCommand([...ARGS, '--url', url]);

    assert.equal(code, 10);
    assert.match(stderr, /position.BTC-PERP: expected 0.3, as the venues say, found 0.1, as the engines say/);
    assert.match(
      stderr,
      /next: mend what the findings name, then resume again; look at it: tradepulse-cli runs resume-1/,
    );
  });

  it('says so when it is through, need not be followed, and passes on a refusal', async () => {
    const { url } = await open((app) => {
      isSafe(app);
      app.post('/v1/strategies/btc-momentum/resumptions', (c) => c.json(accepted, 202));
      app.post('/v1/strategies/other/resumptions', () => problem(409, 'StrategyNotSafe', 'the mode is ACTIVE'));
      app.get('/v1/runs/:id', (c) => c.json(run('SUCCEEDED')));
    });

    const through = await runCommand([...ARGS, '--url', url]);
    const detached = await runCommand([...ARGS, '--detach', '--url', url]);
    const refused = await runCommand(['resume', '--strategy', 'other', '--reason', 'x', '--url', url]);
    const without = await runCommand(['resume', '--strategy', 'other', '--url', url]);

    assert.deepEqual([through.code, detached.code, refused.code, without.code], [0, 0, 10, 2]);
    assert.match(through.stdout, /btc-momentum is live again/);
    assert.match(detached.stdout + detached.stderr, /runs resume-1 --follow/);
    assert.match(without.stderr, /--reason/);
  });
});
