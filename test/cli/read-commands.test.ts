import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hono } from 'hono';
import { runCommand } from './run-command.ts';
import { aLog, anApproval, aRun, aStrategy } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-23T14:05:09.000Z';
/** A command with both outputs: what people read, and the objects. */
const both = async (url: string, ...args: string[]) => {
  const table = await runCommand([...args, '--url', url]);
  const { lines } = await runCommand([...args, '--url', url, '--output', 'jsonl']);
  assert.equal(table.code, 0, table.stderr);
  return { text: table.stdout, lines };
};
const serve = (path: string, body: object) => (app: Hono) => app.get(path, (c) => c.json(body));

describe('runs', () => {
  it('lists the runs of one strategy, how long each took, and what is under way', async () => {
    const done = aRun({ id: 'run-1', status: 'SUCCEEDED', endedAt: '2026-11-23T14:08:14.000Z', summary: undefined });
    const { url, requests } = await open(serve('/v1/runs', { runs: [done, aRun({ id: 'run-2' })] }));

    const { text, lines } = await both(url, 'runs', '--strategy', 'btc/momentum');

    assert.equal(requests[0]?.path, '/v1/runs?strategy=btc%2Fmomentum');
    assert.match(text, /^run-1 +SUCCEEDED +2026-11-23 14:05:09Z +3 min 05 s +-$/m);
    assert.match(text, /^run-2 +RUNNING .* under way +launching$/m);
    assert.equal(lines.length, 2);
  });

  it('shows one run with its steps, and of its findings those that said no', async () => {
    const findings = [
      { check: 'a.fine', verdict: 'go', expected: 1, actual: 1 },
      { check: 'risk.leverage', verdict: 'no-go', expected: '<= 5', actual: { leverage: 6 } },
    ];
    const failure = { code: 'NoGo', message: 'go/no-go said no', findings };
    const { url } = await open(
      serve('/v1/runs/:id', aRun({ status: 'FAILED', ticket: 'CHG-1', requestedBy: null, failure })),
    );

    const { text, lines } = await both(url, 'runs', 'run-1');

    assert.match(text, /started +2026-11-23 14:05:09Z by unknown/);
    assert.match(text, /ticket +CHG-1[\s\S]*failure +go\/no-go said no/);
    assert.match(
      text,
      /✓ Open run: announced \(12 ms\)\n▶ Ask for two confirmations\n {2}✖ risk\.leverage: expected <= 5, found \{"leverage":6\}/,
    );
    assert.doesNotMatch(text, /a\.fine/);
    assert.equal(lines.length, 1);
  });

  it('says so when there was none', async () => {
    const { url } = await open(serve('/v1/runs', { runs: [] }));

    assert.deepEqual(await both(url, 'runs'), { text: 'there was no run yet\n', lines: [] });
  });
});

describe('executions', () => {
  it('lists them, and reads the whole history of one, page after page', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/executions', (c) =>
        c.json({ executions: [{ name: 'e-1', machine: 'kill', status: 'RUNNING', startedAt: AT }] }),
      );
      app.get('/v1/executions/:name/history', (c) =>
        c.json(
          c.req.query('nextToken')
            ? { events: [{ id: 2, type: 'TaskStateEntered', at: AT, state: 'Halt' }] }
            : { events: [{ id: 1, type: 'ExecutionStarted' }], nextToken: 'a b' },
        ),
      );
    });

    assert.match((await both(url, 'executions')).text, /^e-1 +kill +RUNNING +2026-11-23 14:05:09Z +-$/m);
    const { text, lines } = await both(url, 'executions', 'e-1');

    assert.match(text, /^1 +- +ExecutionStarted +-\n2 +2026-11-23 14:05:09Z +TaskStateEntered +Halt$/m);
    assert.equal(lines.length, 2);
    assert.ok(requests.some(({ path }) => path === '/v1/executions/e-1/history?nextToken=a%20b'));
  });
});

describe('approvals', () => {
  it('shows what is open and how to sign it; all of them when asked', async () => {
    const list = [
      anApproval(),
      anApproval({ id: 'old', status: 'declined', kind: 'new-kind' }),
      anApproval({ id: 'x', strategyId: 'other' }),
    ];
    const { url } = await open(serve('/v1/approvals', { approvals: list }));

    const { text, lines } = await both(url, 'approvals', '--strategy', 'btc-momentum');
    assert.match(text, /npx tradepulse-cli approve launch-\S+ --as trader --url http/);
    assert.doesNotMatch(text, /old|other/);
    assert.equal(lines.length, 1);

    const all = await both(url, 'approvals', '--all');
    assert.match(all.text, /^old +btc-momentum +new-kind +declined/m);
    assert.equal(all.lines.length, 3);
  });

  it('says so when nothing waits', async () => {
    const { url } = await open(serve('/v1/approvals', { approvals: [] }));

    assert.equal((await both(url, 'approvals')).text, 'nothing waits for a signature\n');
  });
});

describe('ledger', () => {
  it('shows the entries that were asked for, and how many there are', async () => {
    const log = aLog('btc-momentum', 3);
    const { url, requests } = await open(serve('/v1/ledger/:log', { ...log, entries: log.entries.slice(1) }));

    const { text, lines } = await both(url, 'ledger', 'btc-momentum', '--from', '1', '--limit', '2', '--order', 'desc');

    assert.equal(requests[0]?.path, '/v1/ledger/btc-momentum?order=desc&from=1&limit=2');
    assert.match(text, /^1 +2026-11-23 14:05:09Z +strategy\.registered +service:test +-$/m);
    assert.match(text, /2 of 3 entries, root [0-9a-f]{64}/);
    assert.equal(lines.length, 2);
  });
});

describe('flag status', () => {
  const strategies = [
    aStrategy(),
    aStrategy({ id: 'b', flag: { live: true, version: null }, tradingAllowed: true, whyNot: [] }),
    aStrategy({ id: 'c', flag: { live: null, version: 3 }, whyNot: [] }),
  ];

  it('says what the flag says, that unreadable counts as off, and whether that is enough', async () => {
    const { url } = await open(serve('/v1/strategies', { strategies }));

    const { text, lines } = await both(url, 'flag', 'status');

    assert.match(text, /^btc-momentum +off +1 +no: the mode is OFF$/m);
    assert.match(text, /^b +on +- +yes$/m);
    assert.match(text, /^c +unreadable \(counts as off\) +3 +no: unknown$/m);
    assert.equal(lines.length, 3);
  });

  it('shows one strategy, and refuses one that there is not', async () => {
    const { url } = await open(serve('/v1/strategies', { strategies }));

    assert.equal((await both(url, 'flag', 'status', '--strategy', 'b')).lines.length, 1);
    const { code, stderr } = await runCommand(['flag', 'status', '--strategy', 'nope', '--url', url]);

    assert.equal(code, 2);
    assert.match(stderr, /there is no strategy nope \[UnknownStrategy\]/);
  });
});

describe('status', () => {
  it('shows everything about one strategy, and never a sum of what is not known', async () => {
    const lease = { ageMs: 61_000, mode: 'SAFE' };
    const view = aStrategy({
      ...{ run: { id: 'run-1' }, latch: { reason: 'drill' }, whyNot: ['killed', 'the mode is KILLED'] },
      leases: [
        { ...lease, instanceId: 'i-1', openOrders: 2 },
        { ...lease, instanceId: 'i-2', openOrders: null, pnl: { realised: 1.005, unrealised: -2, currency: 'USD' } },
      ],
      openApprovals: [
        { id: 'a-1', kind: 'kill-confirmation', missingRoles: ['risk-officer', 'sre'], digest: 'd', expiresAt: AT },
      ],
    });
    const { url } = await open((app) => {
      serve('/v1/strategies', { strategies: [view, aStrategy({ id: 'b', leases: [], tradingAllowed: true })] })(app);
      serve('/v1/strategies/:id', view)(app);
    });

    const one = (await both(url, 'status', '--strategy', 'btc-momentum')).text;
    assert.match(one, /may trade +no: killed\n +and: the mode is KILLED[\s\S]*run +run-1\nkilled +drill/);
    assert.match(one, /^i-1 +SAFE +1 min 01 s old +2 +-$/m);
    assert.match(one, /^i-2 +SAFE .* unknown +1\.0\d realised, -2\.00 open USD$/m);
    assert.match(one, /▶ kill-confirmation a-1: needs risk-officer and sre, until 2026-11-23 14:05:09Z/);

    const { text, lines } = await both(url, 'status');
    assert.match(text, /^btc-momentum .* unknown +risk-officer, sre$/m);
    assert.match(text, /^b +OFF +yes +off +none +0 +-$/m);
    assert.equal(lines.length, 2);
  });

  it('says so when no strategy is registered', async () => {
    const { url } = await open(serve('/v1/strategies', { strategies: [] }));

    assert.equal((await both(url, 'status')).text, 'no strategy is registered\n');
  });

  it('shows no old figures while the control plane does not answer, and the new ones after that', async () => {
    let asked = 0;
    const { url } = await open((app) =>
      app.get('/v1/strategies', async (c, next) => {
        asked += 1;
        if (asked <= 3) return c.body(null, 503);
        await next();
        return c.res;
      }),
    );
    const stop = new AbortController();
    let looks = 0;

    const { code, stdout } = await runCommand(['status', '--watch', '--url', url], {
      ...{ terminal: true, interrupted: stop.signal },
      async sleep(ms) {
        if (ms >= 1000) looks += 1;
        if (looks === 2) stop.abort();
      },
    });

    assert.equal(code, 0);
    const [, , stale = '', fresh = ''] = stdout.split('\u001b[H');
    assert.match(
      stale,
      /✖ the control plane answered 503[\s\S]*trying again; an engine without the control plane stops/,
    );
    assert.doesNotMatch(stale, /btc-momentum/);
    assert.match(fresh, /btc-momentum/);
    assert.ok(stdout.endsWith('\u001b[?25h'));
  });

  it('ends --watch when the reason is the person, not the network', async () => {
    const { url } = await open((app) => app.get('/v1/strategies', (c) => c.body(null, 401)));

    const { code, stdout } = await runCommand(['status', '--watch', '--url', url], { terminal: true });

    assert.equal(code, 11);
    assert.ok(stdout.endsWith('\u001b[?25h'), 'the cursor is back');
  });
});
