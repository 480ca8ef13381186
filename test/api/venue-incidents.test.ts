import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { runCommand } from '../cli/run-command.ts';
import { standInForEachTest } from '../cli/stand-in-for-each-test.ts';
import { ID, incidentIn, renew, trades } from '../domain/venue-incident/a-venue-incident.ts';
import { stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const openStandIn = standInForEachTest();
const PATH = '/v1/venues/XSIM/incidents';
const Reply = z.looseObject({ summary: z.string(), incidents: z.array(z.looseObject({ changed: z.boolean() })) });
const Problem = z.looseObject({ code: z.string() });

const add = (made: ApiWorld, as: string, raw: string, key = '') =>
  made.send('monitor', PATH, { as, raw, headers: key === '' ? {} : { 'idempotency-key': key } });
const codeOf = async (response: Response) => Problem.parse(await response.json()).code;

describe('POST incidents of a venue', () => {
  it('is open to everybody who operates, with whatever body and key, and to nobody else', async () => {
    for (const as of ['trader', 'risk', 'quant', 'sre']) {
      const made = trades(apiWorld());
      const response = await add(made, as, 'no JSON');
      assert.equal(response.status, 202);
      assert.equal(stateOf(made).mode, 'THROTTLED');
    }
    assert.equal((await add(trades(apiWorld()), 'auditor', '{}')).status, 403);
    assert.equal((await add(trades(apiWorld()), 'reader', '{}')).status, 403);
    assert.equal(
      (await apiWorld().send('monitor', '/v1/venues/XNONE/incidents', { as: 'sre', raw: '{}' })).status,
      404,
    );
  });

  it('answers a repeat as it did, and takes the same key with another body for another command', async () => {
    const made = trades(apiWorld());
    const ask = async (body: object) =>
      Reply.parse(await (await add(made, 'sre', JSON.stringify(body), 'key-00001')).json());

    const first = await ask({ reason: 'no acks' });
    const again = await ask({ reason: 'no acks' });
    const ticket = await ask({ reason: 'no acks', ticket: 'VN-1' });

    assert.deepEqual(
      [first, again, ticket].map(({ incidents }) => incidents[0]?.changed),
      [true, false, false],
    );
    assert.equal((await incidentIn(made)).tickets.length, 1);
  });
});

describe('incidents of venues over HTTP', () => {
  it('are listed for everybody, refuse an unknown filter, and are closed by one person only when stable', async () => {
    const made = trades(apiWorld());
    await renew(made, 900);
    await add(made, 'sre', '{}');
    const get = (query: string) =>
      made.send('monitor', `/v1/venue-incidents${query}`, { as: 'auditor', method: 'GET' });
    const close = (as: string, body: object = { note: 'fine' }) =>
      made.send('monitor', `/v1/venue-incidents/${ID}/closure`, {
        ...{ as, body },
        headers: { 'idempotency-key': `key-${as}-1` },
      });

    assert.equal((await get('?state=open')).status, 200);
    assert.equal((await get('?stat=open')).status, 400);
    assert.equal(await codeOf(await close('risk')), 'VenueUnstable');
    assert.equal((await close('auditor')).status, 403);
    assert.equal((await close('sre', {})).status, 400);

    await renew(made, 20);
    const stable = { ...(await incidentIn(made)), unstable: [], stableSince: made.clock.now.toISOString() };
    await made.store.put({ kind: 'VENUEINCIDENT', record: stable });
    assert.equal((await close('risk')).status, 200);
  });
});

describe('tradepulse-cli venue-incident', () => {
  async function standIn() {
    const made = trades(apiWorld());
    await renew(made, 900);
    const { url, requests } = await openStandIn((app) => {
      app.post('/v1/venues/:mic/incidents', async (c) => add(made, 'sre', await c.req.text(), 'key-00001'));
      app.get('/v1/venue-incidents', (c) =>
        made.send('monitor', `/v1/venue-incidents${new URL(c.req.url).search}`, { as: 'sre', method: 'GET' }),
      );
      app.post('/v1/venue-incidents/:id/closure', async (c) =>
        made.send('monitor', `/v1/venue-incidents/${c.req.param('id')}/closure`, {
          ...{ as: 'sre', raw: await c.req.text(), headers: { 'idempotency-key': 'key-00002' } },
        }),
      );
    });
    const cli = (...args: string[]) => runCommand(['venue-incident', ...args, '--url', url]);
    return { made, cli, requests };
  }

  it('adds with ticket, rate and reason, and says until when and where it is logged', async () => {
    const { cli, requests } = await standIn();

    const { code, stdout, stderr } = await cli(
      'add',
      '--venue',
      'XSIM',
      '--ticket',
      'VN-1',
      '--rate',
      '2',
      '--reason',
      'slow',
    );

    assert.equal(code, 0, stderr);
    assert.deepEqual(requests[0]?.body, { ticket: 'VN-1', reason: 'slow', ordersPerSec: 2 });
    const said = stdout + stderr;
    assert.match(said, /btc-momentum goes down to 2 orders\/s, and is killed at .* unless XSIM is stable by then/);
    assert.match(said, /logged in reports\/live\/.*venue_incidents\.md/);
    assert.match(said, /venue-incident show btc-momentum-XSIM/);
    assert.equal((await cli('add', '--venue', 'XSIM', '--rate', 'fast')).code, 2);
    assert.equal((await cli('add', '--venue', 'XSIM', '--rate', '-1')).code, 2);
  });

  it('lists, shows with the file, and does not close what is unstable', async () => {
    const { cli } = await standIn();
    assert.match((await cli('ls')).stdout, /no venue is or was in trouble/);
    await cli('add', '--venue', 'XSIM', '--ticket', 'VN-1');

    const listed = await cli('ls', '--open', '--strategy', 'btc-momentum', '--venue', 'XSIM');
    const shown = await cli('show', ID);
    const closed = await cli('close', ID, '--note', 'fine');

    assert.match(listed.stdout, /^btc-momentum-XSIM +open +2026-11-24 12:00:00Z +2026-11-24 12:05:00Z +VN-1 /m);
    assert.match(shown.stdout, /killed at +2026-11-24 12:05:00Z, unless it is stable by then/);
    assert.match(shown.stdout, /# Incidents of venues[\s\S]*\| VN-1 \|/);
    assert.equal(closed.code, 10, closed.stderr);
    assert.match(closed.stderr, /XSIM is not stable for btc-momentum/);
    assert.equal((await cli('show', 'nothing')).code, 2);
  });

  it('shows and closes what is stable', async () => {
    const { made, cli } = await standIn();
    await cli('add', '--venue', 'XSIM');
    await renew(made, 20);
    const at = made.clock.now.toISOString();
    const stable = { ...(await incidentIn(made)), unstable: [], stableSince: at, lookedAt: at };
    await made.store.put({ kind: 'VENUEINCIDENT', record: stable });
    assert.match((await cli('show', ID)).stdout, /last look +.*: stable since 2026-11-24 12:00:00Z/);

    const { code, stdout } = await cli('close', ID, '--note', 'the venue confirms');

    assert.equal(code, 0);
    assert.match(stdout, /is over: closed by hand: the venue confirms/);
    assert.match((await cli('ls')).stdout, /closed by hand/);
    assert.match((await cli('show', ID)).stdout, /ended +2026-11-24 12:00:00Z: closed by hand/);
  });

  it('says for which strategies it failed', async () => {
    const { url } = await openStandIn((app) => {
      app.post('/v1/venues/:mic/incidents', (c) =>
        c.json({ summary: 'half', incidents: [], failed: [{ strategyId: 'eth', problem: 'ask again' }] }, 202),
      );
      app.get('/v1/venue-incidents', (c) => c.json({ incidents: [] }));
    });

    const { code, stderr, stdout } = await runCommand(['venue-incident', 'add', '--venue', 'XSIM', '--url', url]);

    assert.equal(code, 10);
    assert.match(stdout + stderr, /eth: not done: ask again/);
    assert.equal((await runCommand(['venue-incident', 'show', 'x', '--url', url])).code, 2);
  });
});
