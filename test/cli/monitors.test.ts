import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-23T14:05:09.000Z';
const serve = (path: string, body: object) => (app: Hono) => app.get(path, (c) => c.json(body));

const beat = (component: string, slaMs: number, more: object = {}) => ({
  ...{ component, slaMs, ageMs: 400, missed: 0 },
  ...more,
});
const instance = (more: object = {}) => ({
  ...{ instanceId: 'btc-momentum-1', holdsLease: true, leaseAgeMs: 420, openOrders: 2, queueBacklog: 0 },
  latency: { p50Ms: 12, p95Ms: 80.4, p99Ms: 99, samples: 40, spanMs: 60_000, limitMs: 120 },
  beats: [
    beat('marketData', 60_000),
    beat('featureStore', 60_000),
    beat('executionGateway', 2_000),
    beat('orderAcknowledgements', 2_000),
    beat('riskService', 2_000),
  ],
  ...more,
});
const strategy = (more: object = {}) => ({
  ...{ strategyId: 'btc-momentum', venue: 'XSIM', mode: 'ACTIVE', maxOrdersPerSec: 4, restriction: null },
  at: { utc: AT, local: '2026-11-23 09:05 -05:00 America/New_York' },
  ...{ safeMode: null, instances: [instance()], limitUse: { below: 0.5 }, alerts: [] },
  drift: { instrument: 'BTC-USD', share: 0.0021, limit: 0.005 },
  ...more,
});
const listed = (strategies: object[], more: object = {}) => ({
  ...{ at: AT, watchdog: { ageMs: 400, isLate: false }, hasThresholds: true, strategies },
  ...more,
});
const sick = () =>
  strategy({
    mode: 'THROTTLED',
    restriction: { mode: 'THROTTLED', causes: [{ reason: 'p95 is 180 ms' }] },
    safeMode: { cause: 'manual', reason: 'to look' },
    ...{ drift: { instrument: 'BTC-USD', share: 0.2, limit: 0.005 }, limitUse: { share: 1.02 } },
    instances: [
      instance({
        holdsLease: false,
        latency: { p50Ms: 150, p95Ms: 180, p99Ms: 200, samples: 9, spanMs: 120_000, limitMs: 120 },
        beats: [
          beat('executionGateway', 2_000, { ageMs: 4_100, missed: 2 }),
          beat('newThing', 2_000, { ageMs: null, missed: 3 }),
        ],
      }),
      instance({ instanceId: 'btc-momentum-2', leaseAgeMs: null, latency: null, openOrders: null, queueBacklog: null }),
    ],
    alerts: [
      { id: 'a', level: 'act', detail: 'too slow', since: AT },
      { id: 'b', level: 'warn', detail: 'half of a limit', since: AT },
    ],
  });
const shown = async (body: object, columns: number, ...more: string[]) => {
  const { url } = await open(serve('/v1/monitors', body));
  let text = '';
  const stdout = { isTTY: false, columns, write: (written: string) => (text += written) };
  await runCommand(['monitors', ...more, '--url', url], { stdout });
  return text;
};

describe('monitors', () => {
  it('is one line for each instance where the terminal is wide enough, with the times of the venue and of the watchdog', async () => {
    const text = await shown(listed([strategy()]), 200);

    assert.match(text, /^2026-11-23 14:05:09Z {3}XSIM 2026-11-23 09:05 -05:00 America\/New_York$/m);
    assert.match(text, /^the watchdog looked 400 ms ago$/m);
    assert.match(text, /^INSTANCE +MODE +LEASE +MARKET DATA +FEATURES +GATEWAY +ACKS +RISK +P50\/P95\/P99 +DRIFT/m);
    assert.match(
      text,
      /^btc-momentum-1 +ACTIVE +420 ms +0\.4\/60 s +0\.4\/60 s +0\.4\/2 s .* 12\/80\/99 of 120 ms \(40 in 60 s\) +0\.21 % of 0\.50 % +<50 % +2 +0 +none$/m,
    );
  });

  it('fits into 80 columns, and marks what is wrong without any colour', async () => {
    const text = await shown(listed([sick()]), 80);

    const figures = text.split('\n').filter((line) => line.startsWith('  '));
    assert.deepEqual(
      figures.filter((line) => line.length > 80),
      [],
    );
    assert.ok(figures.length >= 4);
    for (const expected of [
      /^btc-momentum-1 of btc-momentum$/m,
      /lease 420 ms ✖/,
      /gateway 4\.1\/2 s ✖2/,
      /newThing none ✖3/,
      /150\/180\/200 of 120 ms ✖ \(9 in 120 s\)/,
      /drift 20 % of 0\.50 % ✖/,
      /limits 102 % ✖/,
      /alerts 2 ✖/,
      /lease none ✖/,
      /open \? {2}backlog \?/,
      /^▶ btc-momentum is THROTTLED: p95 is 180 ms$/m,
      /^▶ btc-momentum is SAFE \(manual\): to look$/m,
      /^✖ btc-momentum act since 2026-11-23 14:05:09Z: too slow$/m,
      /^! btc-momentum warn since 2026-11-23 14:05:09Z: half of a limit$/m,
    ])
      assert.match(text, expected);
    assert.match(await shown(listed([strategy({ drift: null, limitUse: null })]), 80), /drift \? {2}limits \?/);
  });

  it('says when nobody watches, when nothing can be judged, and when there is nothing', async () => {
    const late = listed([], { watchdog: { ageMs: 12_000, isLate: true }, hasThresholds: false });
    const text = await shown(late, 80);
    assert.match(text, /^✖ the watchdog looked 12\.0 s ago: nobody acts on what is wrong below$/m);
    assert.match(text, /^✖ no thresholds are registered: nothing is judged$/m);
    assert.match(text, /^no strategy is registered$/m);
    const never = await shown(listed([], { watchdog: { ageMs: null, isLate: true } }), 80);
    assert.match(never, /^✖ the watchdog has not run yet/m);
    const { url } = await open(serve('/v1/monitors', late));
    const { stdout, stderr } = await runCommand(['monitors', '--url', url, '--output', 'jsonl']);
    assert.deepEqual([stdout, stderr.includes('no thresholds are registered')], ['', true]);
  });

  it('is one object for each strategy as jsonl, and asks for one strategy alone', async () => {
    const { url, requests } = await open(serve('/v1/monitors', listed([strategy(), strategy()])));

    const { lines } = await runCommand(['monitors', '--strategy', 'btc/x', '--url', url, '--output', 'jsonl']);

    assert.deepEqual(
      lines.map((each) => Object(each)['watchdog']),
      Array(2).fill({ ageMs: 400, isLate: false }),
    );
    assert.equal(requests[0]?.path, '/v1/monitors?strategy=btc%2Fx');
  });

  it('redraws in place until Ctrl-C: each picture over the one before, nothing blanked in between, and the cursor back at the end', async () => {
    const stop = new AbortController();
    let looks = 0;
    const { url } = await open((app) =>
      app.get('/v1/monitors', (c) => {
        looks += 1;
        if (looks === 3) stop.abort();
        return c.json(listed([strategy()]));
      }),
    );

    const { code, stdout } = await runCommand(['monitors', '--watch', '--url', url], {
      terminal: true,
      interrupted: stop.signal,
    });

    const pictures = stdout.split('\u001b[H').slice(2);
    assert.deepEqual([code, pictures.length, looks], [0, 3, 3]);
    assert.ok(
      pictures.every((each) => each.includes('btc-momentum-1') && each.indexOf('\u001b[J') > each.indexOf('none')),
    );
    assert.ok(stdout.endsWith('\u001b[?25h'));
  });

  it('prints again and again on a pipe', async () => {
    const stop = new AbortController();
    const { url } = await open(serve('/v1/monitors', listed([strategy()])));
    let slept = 0;

    const { stdout } = await runCommand(['monitors', '--watch', '--url', url], {
      interrupted: stop.signal,
      async sleep() {
        slept += 1;
        if (slept === 2) stop.abort();
      },
    });

    assert.equal(stdout.split('the watchdog looked').length, 3);
  });
});

describe('health', () => {
  it('is an error that a script can see when something is bad or cannot be read, and says what to do', async () => {
    const checks = [
      { check: 'store', status: 'ok', value: 3, limit: 2_000, unit: 'ms', detail: '2 strategies read in 3 ms' },
      { check: 'pager', status: 'bad', detail: 'silent', next: 'wake it', value: 2, limit: 0, unit: 'count' },
      { check: 'clock', status: 'unknown', value: null, limit: 3_000, unit: 'ms' },
      { check: 'flags', status: 'something new' },
    ];
    const { url } = await open(serve('/v1/health', { status: 'bad', checks }));

    const { code, stdout, stderr } = await runCommand(['health', '--url', url]);

    assert.equal(code, 1);
    assert.match(
      stdout,
      /✓ store: 2 strategies read in 3 ms \(limit 2\.0 s\)\n✖ pager: silent\n {2}next: wake it\n✖ clock: unknown\n✖ flags: unknown\n/,
    );
    assert.match(stderr, /not well: pager, clock, flags \[Degraded\]\n {2}next: .*kill and stop keep working/);
  });

  it('is ok when all is, and with a warning, which it names', async () => {
    const { url } = await open();
    const { code, stdout } = await runCommand(['health', '--url', url]);
    assert.deepEqual([code, stdout.split('\n').at(-2)], [0, 'ok']);

    const checks = [{ check: 'ledger lag', status: 'warn', detail: 'late', next: 'look' }];
    const warned = await open(serve('/v1/health', { status: 'warn', checks }));
    const ran = await runCommand(['health', '--url', warned.url]);
    assert.deepEqual([ran.code, ran.stdout], [0, '! ledger lag: late\n  next: look\nok, but look at: ledger lag\n']);
  });

  it('is not asked for without a pause, and neither is status', async () => {
    for (const command of ['monitors', 'status']) {
      const { code, stderr } = await runCommand([command, '--watch', '--interval', '0', '--url', 'http://127.0.0.1:9']);

      assert.equal(code, 2, command);
      assert.match(stderr, /at least one second/);
    }
  });
});
