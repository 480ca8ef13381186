import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const AT = '2026-11-24T12:00:00.000Z';
const suspended = {
  ...{
    runId: 'safe-mode-1',
    mode: 'SAFE',
    epoch: 5,
    changed: true,
    leaseBoundMs: 5000,
    summary: 'btc-momentum is SAFE',
  },
  instances: [
    { instanceId: 'btc-momentum-1', status: 'halted' },
    { instanceId: 'btc-momentum-2', status: 'unreachable', detail: 'no route' },
  ],
};
const incident = {
  ...{ id: 'data-incident-1', strategyId: 'btc-momentum', status: 'open', reason: 'no prices', owner: 'SRE on call' },
  ...{ openedAt: AT, looks: 4 },
};
const shown = {
  ...incident,
  exposure: {
    at: AT,
    venues: [
      { venue: 'XSIM', openOrders: 0, positions: [{ instrument: 'BTC-USD', quantity: -2, notional: 200 }] },
      { venue: 'XSIF', unknown: 'it did not answer' },
    ],
    engines: [
      {
        ...{ instanceId: 'btc-momentum-1', heard: true, stable: false, openOrders: 0, positions: [] },
        ...{ pnl: { realised: 1, unrealised: -10, currency: 'USD' } },
        feeds: { marketDataMs: null, featureStoreMs: 1200 },
      },
      {
        instanceId: 'btc-momentum-2',
        heard: false,
        stable: false,
        feeds: { marketDataMs: null, featureStoreMs: null },
      },
    ],
  },
  notes: [{ at: AT, by: 'sub-sre', text: 'the provider was called' }],
};

describe('safe-mode', () => {
  it('says what every engine answered, and where the proof and the way back are', async () => {
    const { url, requests } = await open((app) => {
      app.post('/v1/strategies/:id/safe-modes', (c) => c.json(suspended, 202));
    });

    const given = await runCommand(['safe-mode', '--strategy', 'btc-momentum', '--reason', 'odd', '--url', url]);
    const bare = await runCommand(['safe-mode', '--strategy', 'btc-momentum', '--url', url]);

    assert.deepEqual([given.code, bare.code, requests.map(({ body }) => body)], [0, 0, [{ reason: 'odd' }, {}]]);
    assert.match(given.stdout, /btc-momentum-1: halted/);
    assert.match(given.stdout, /btc-momentum-2: not reached \(no route\); its lease bounds it within 5000 ms/);
    assert.match(given.stdout, /runs safe-mode-1 --follow[\s\S]*resume --strategy btc-momentum --reason '/);
  });

  it('promises nothing where nothing was changed', async () => {
    const { url } = await open((app) => {
      app.post('/v1/strategies/:id/safe-modes', (c) =>
        c.json({ ...suspended, runId: null, changed: false, instances: [], summary: 'it is off' }, 202),
      );
    });

    const { stdout } = await runCommand(['safe-mode', '--strategy', 'btc-momentum', '--url', url]);

    assert.match(stdout, /it is off/);
    assert.doesNotMatch(stdout, /resume/);
  });
});

describe('data-incident', () => {
  it('lists them, each with what becomes of it', async () => {
    const proposal = { at: AT, runId: 'resume-1' };
    const incidents = [
      incident,
      { ...incident, id: 'b', stableSince: AT },
      { ...incident, id: 'c', proposal },
      { ...incident, id: 'd', proposal: { ...proposal, answer: 'nobody signed' } },
      { ...incident, id: 'e', status: 'over', outcome: 'btc-momentum was resumed' },
    ];
    const { url, requests } = await open((app) => {
      app.get('/v1/data-incidents', (c) => c.json({ incidents: c.req.query('strategy') === 'none' ? [] : incidents }));
    });

    const { stdout } = await runCommand(['data-incident', 'ls', '--all', '--url', url]);
    const none = await runCommand(['data-incident', 'ls', '--strategy', 'none', '--url', url]);

    for (const said of [
      'feeds are waited for',
      'it is watched whether feeds stay',
      'asked to resume it: resume-1',
      'by hand: nobody signed',
      'was resumed',
    ])
      assert.ok(stdout.includes(said), `${said} is not in ${stdout}`);
    assert.match(none.stdout, /no market data is out/);
    assert.ok(requests.length === 2);
  });

  it('shows what is held and open, by whom, and how old each feed is', async () => {
    const { url } = await open((app) => {
      app.get('/v1/data-incidents/:id', (c) =>
        c.json(
          c.req.param('id') === 'b' ? { ...shown, stableSince: AT, proposal: { at: AT, runId: 'resume-1' } } : shown,
        ),
      );
    });

    const { stdout } = await runCommand(['data-incident', 'show', 'data-incident-1', '--url', url]);
    const stable = await runCommand(['data-incident', 'show', 'b', '--url', url]);

    assert.match(stdout, /XSIM +0 +-2 BTC-USD/);
    assert.match(stdout, /XSIF +it did not answer +not known/);
    assert.match(stdout, /btc-momentum-1 +0 +none +-9 USD +not heard +1\.2 s/);
    assert.match(stdout, /led by +SRE on call[\s\S]*the provider was called/);
    assert.match(stable.stdout, /heard since 2026-11-24[\s\S]*approvals/);
  });

  it('takes a note', async () => {
    const { url, requests } = await open((app) => {
      app.post('/v1/data-incidents/:id/notes', (c) => c.json({ incident: 'a', notes: 1, summary: 'noted at a' }));
    });

    const { code, stdout } = await runCommand(['data-incident', 'note', 'a', '--text', 'called', '--url', url]);

    assert.deepEqual([code, requests[0]?.body], [0, { text: 'called' }]);
    assert.match(stdout, /noted at a/);
  });
});
