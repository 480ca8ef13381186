import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-24T12:00:00.000Z';
const restricted = {
  ...{ strategyId: 'btc-momentum', mode: 'THROTTLED', epoch: 3, maxOrdersPerSec: 1, approvedOrdersPerSec: 4 },
  ...{ changed: true, summary: 'btc-momentum is throttled to 1 orders/s' },
  instances: [
    { instanceId: 'btc-momentum-1', mode: 'THROTTLED', maxOrdersPerSec: 1 },
    { instanceId: 'btc-momentum-2', problem: 'it did not answer' },
  ],
};
const question = {
  ...{ id: 'lift-1-lift', kind: 'lift', strategyId: 'btc-momentum', runId: 'lift-1', epoch: 3, document: {} },
  ...{ digest: 'sha256:1', requiredRoles: ['execution-trader', 'risk-officer'], signatures: [], status: 'open' },
  ...{ openedAt: AT, expiresAt: '2030-11-24T12:00:00.000Z' },
};

describe('throttle and reduce-only', () => {
  const standIn = () =>
    open((app) => {
      app.post('/v1/strategies/:id/throttles', (c) => c.json(restricted, 202));
      app.post('/v1/strategies/:id/reductions', (c) =>
        c.json({ ...restricted, approvedOrdersPerSec: null, instances: [], summary: 'it is OFF' }, 202),
      );
    });

  it('send rate, reason and time, and say what every engine answered and how it is lifted', async () => {
    const { url, requests } = await standIn();
    const args = ['--strategy', 'btc-momentum', '--reason', 'slow', '--for', '2h', '--url', url];

    const { code, stdout, stderr } = await runCommand(['throttle', '--rate', '1', ...args]);
    const reduced = await runCommand(['reduce-only', '--strategy', 'btc-momentum', '--url', url]);

    assert.deepEqual([code, reduced.code], [0, 0], stderr);
    assert.deepEqual(
      requests.map(({ body }) => body),
      [{ ordersPerSec: 1, reason: 'slow', forMinutes: 120 }, {}],
    );
    const said = stdout + stderr;
    assert.match(said, /btc-momentum-1: THROTTLED, up to 1 orders\/s/);
    assert.match(said, /btc-momentum-2: not told \(it did not answer\); its next lease tells it/);
    assert.match(said, /after 120 minutes two people are asked.*resume --strategy btc-momentum/s);
    assert.match(reduced.stdout, /it is OFF/);
    assert.doesNotMatch(reduced.stdout, /two people/);
  });

  it('are never refused for form: what cannot be read is left out, and said', async () => {
    const { url, requests } = await standIn();

    for (const [rate, time] of [
      ['fast', 'a while'],
      ['-1', '8d'],
      ['', '0m'],
    ] as const) {
      const args = ['throttle', '--strategy', 'btc-momentum', '--rate', rate, '--for', time, '--url', url];
      const { code, stdout, stderr } = await runCommand(args);

      assert.equal(code, 0, stderr);
      assert.match(stdout + stderr, /--rate is no rate.*--for .* is not like 30m/s);
      assert.deepEqual(requests.at(-1)?.body, {});
    }
    await runCommand(['throttle', '--strategy', 'btc-momentum', '--rate', '0', '--for', '90s', '--url', url]);
    assert.deepEqual(requests.at(-1)?.body, { ordersPerSec: 0, forMinutes: 1.5 });
  });
});

describe('resume of what is held back', () => {
  it('asks two people the first time, and lifts when both have signed', async () => {
    const reply = { approval: question.id, mode: 'THROTTLED', maxOrdersPerSec: 1, summary: 'two people sign' };
    let status = 'asked';
    const { url, requests } = await open((app) => {
      app.get('/v1/strategies/:id', (c) => c.json({ mode: 'REDUCE_ONLY' }));
      app.post('/v1/strategies/:id/lifts', (c) => c.json({ ...reply, status }, status === 'asked' ? 202 : 200));
      app.get('/v1/approvals/:id', (c) => c.json(question));
    });
    const resume = () => runCommand(['resume', '--strategy', 'btc-momentum', '--reason', 'fast again', '--url', url]);

    const asked = await resume();
    status = 'lifted';
    const lifted = await resume();

    assert.deepEqual([asked.code, lifted.code], [0, 0]);
    assert.deepEqual(requests[1]?.body, { reason: 'fast again' });
    assert.match(
      asked.stdout,
      /two people let it trade at its approved rate again.*still needed: execution-trader and risk-officer.*when both have signed: .*resume --strategy btc-momentum/s,
    );
    assert.doesNotMatch(lifted.stdout, /when both have signed/);
  });

  it('passes on that the cause still stands', async () => {
    const { url } = await open((app) => {
      app.get('/v1/strategies/:id', (c) => c.json({ mode: 'THROTTLED' }));
      app.post('/v1/strategies/:id/lifts', () => problem(409, 'CauseStands', 'p95 is 131 ms of 120'));
    });

    const { code, stderr } = await runCommand(['resume', '--strategy', 'btc-momentum', '--reason', 'x', '--url', url]);

    assert.deepEqual([code, /131 ms/.test(stderr)], [10, true]);
  });
});
