import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { runCommand } from './run-command.ts';
import { problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const RUN = 'validate-btc-momentum-20261124-0123456789ab';
const ARGS = ['validate', '--env', 'prod', '--strategy', 'btc-momentum'];
const accepted = {
  ...{ runId: RUN, mode: 'OFF', epoch: 0, summary: 'validation of btc-momentum started' },
  receipt: { log: 'btc-momentum', index: 7, leafHash: 'a' },
};
const run = (status: string, more = {}) => ({
  ...{ id: RUN, machine: 'validate', strategyId: 'btc-momentum', status, steps: [] },
  ...{ startedAt: '2026-11-24T12:00:00.000Z', summary: 'smoke passed', ...more },
});
const band = (name: string, values: object) => ({
  ...{
    band: name,
    unit: 'orders',
    verdict: 'passed',
    measured: 42,
    min: null,
    max: null,
    lastGood: null,
    difference: null,
  },
  ...values,
});
const REPORT = {
  ...{
    run: RUN,
    mode: 'dry-run',
    verdict: 'failed',
    windowMinutes: 15,
    key: 'reports/live/smoke.json',
    hash: 'sha256:1',
  },
  lastGood: { run: 'launch-btc-momentum-20261123-0123456789ab', at: '2026-11-23T12:00:00.000Z' },
  instances: [
    {
      ...{ instanceId: 'btc-momentum-1', problem: null, artifactDigest: 'sha256:abc' },
      window: { from: '2026-11-24T11:00:00.000Z', to: '2026-11-24T12:00:00.000Z', spanMinutes: 60, ageHours: 0.254 },
      bands: [
        band('orders', { min: 1, max: 500, lastGood: 40, difference: 2 }),
        band('bars', { min: 15, max: 15, measured: 3, verdict: 'inconclusive', unit: 'recorded minutes' }),
        band('rejects', { max: 0, measured: 2, verdict: 'failed', unit: 'rejects', lastGood: 3, difference: -1 }),
        band('age', { unit: 'h', measured: 0.25 }),
      ],
    },
    {
      ...{ instanceId: 'btc-momentum-2', window: null, artifactDigest: null, bands: [] },
      problem: { message: 'btc-momentum-2 did not answer' },
    },
  ],
};
const finding = {
  check: 'btc-momentum-1.smoke.rejects',
  verdict: 'no-go',
  expected: '<= 0 rejects',
  actual: '2 rejects',
};
const failure = { code: 'SmokeOutOfTolerance', message: 'smoke: rejects', next: 'mend it', findings: [finding] };

const replaying =
  (status: string, report: object = REPORT) =>
  (app: Hono) => {
    app.post('/v1/strategies/:id/validations', (c) => c.json(accepted, 202));
    app.get('/v1/runs/:id/smoke', (c) => c.json(report));
    app.get('/v1/runs/:id', (c) => c.json(run(status, status === 'FAILED' ? { failure } : {})));
  };

describe('validate', () => {
  it('asks for 15 minutes in dry-run unless it is told otherwise, and ends well when every band was kept', async () => {
    const { url, requests } = await open(replaying('SUCCEEDED'));

    const first = await runCommand([...ARGS, '--url', url]);
    const second = await runCommand([...ARGS, '--window', '5m', '--mode', 'dry-run', '--url', url]);

    assert.deepEqual([first.code, second.code], [0, 0], first.stderr);
    const bodies = requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    assert.deepEqual(bodies, [
      { environment: 'prod', windowMinutes: 15, mode: 'dry-run' },
      { environment: 'prod', windowMinutes: 5, mode: 'dry-run' },
    ]);
  });

  it('shows every band with its mark, its bounds and the last good run beside it, then ends with the findings', async () => {
    const { url } = await open(replaying('FAILED'));

    const { code, stdout, stderr } = await runCommand([...ARGS, '--url', url]);

    assert.equal(code, 13);
    assert.match(stdout, /✓ +btc-momentum-1 +orders +42 orders +1 to 500 +40 +\+2/);
    assert.match(stdout, /✖ +btc-momentum-1 +bars +3 recorded minutes \(inconclusive\) +15 +-/);
    assert.match(stdout, /✖ +btc-momentum-1 +rejects +2 rejects +<= 0 +3 +-1/);
    assert.match(stdout, /✓ +btc-momentum-1 +age +0\.25 h +shown only/);
    assert.match(stdout, /last good +launch-btc-momentum-20261123-0123456789ab, 2026-11-23 12:00:00Z/);
    assert.match(
      stdout,
      /btc-momentum-1: 2026-11-24 11:00:00Z to 2026-11-24 12:00:00Z, 60 min .*0\.25 h old; artifact sha256:abc/,
    );
    assert.match(stdout, /✖ btc-momentum-2: btc-momentum-2 did not answer/);
    assert.match(
      stderr,
      /did not go through: smoke: rejects\n +✖ btc-momentum-1\.smoke\.rejects: expected <= 0 rejects, found 2 rejects/,
    );
  });

  it('gives the report as one JSON object', async () => {
    const { url } = await open(replaying('SUCCEEDED'));

    const { lines } = await runCommand([...ARGS, '--output', 'jsonl', '--url', url]);

    assert.deepEqual(lines.at(-1), REPORT);
  });

  it('says why a run failed that replayed nothing', async () => {
    const { url } = await open((app) => {
      app.get('/v1/runs/:id/smoke', () => problem(404, 'NotFound', 'no smoke.json'));
      replaying('FAILED')(app);
    });

    const { code, stdout } = await runCommand([...ARGS, '--url', url]);

    assert.equal(code, 13);
    assert.doesNotMatch(stdout, /BAND/);
  });

  it('does not follow when it is detached, and says where to look', async () => {
    const { url } = await open(replaying('RUNNING'));

    const { code, stdout } = await runCommand([...ARGS, '--detach', '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`look at it: .*smoke ${RUN}`));
  });

  for (const [what, args, code] of [
    ['another mode, by its name', ['--mode', 'live'], /there is no mode 'live': a validation is a dry-run/],
    ['a window of hours', ['--window', '1h'], /a window of '1h' is not possible/],
    ['a window that is too long', ['--window', '61m'], /from 1m to 60m/],
    ['a window of nothing', ['--window', '0m'], /a window of '0m' is not possible/],
  ] as const) {
    it(`refuses ${what}, before it asks for anything`, async () => {
      const { url, requests } = await open(replaying('SUCCEEDED'));

      const ran = await runCommand([...ARGS, ...args, '--url', url]);

      assert.deepEqual([ran.code, requests.length], [2, 0]);
      assert.match(ran.stderr, code);
    });
  }
});

describe('smoke', () => {
  it('shows the report of any run that replayed', async () => {
    const { url } = await open(replaying('SUCCEEDED', { ...REPORT, lastGood: null, instances: [] }));

    const { code, stdout } = await runCommand(['smoke', RUN, '--url', url]);

    assert.equal(code, 0);
    assert.match(stdout, /last good +none yet/);
    assert.match(stdout, /no instance has replayed anything/);
  });
});
