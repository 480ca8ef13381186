import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drainLines, drainSummary } from '../../cli/output/drain.ts';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const HALT = 'halt-0123456789ab';
const AT = '2026-11-24T16:35:00.000Z';
const receipt = { log: 'btc-momentum', index: 3, leafHash: 'ab'.repeat(32) };
const planned = { halt: { id: HALT, at: AT, status: 'scheduled' }, summary: `stops at ${AT} as ${HALT}`, receipt };
const entry = {
  id: HALT,
  strategy: 'btc-momentum',
  status: 'scheduled',
  at: { utc: AT, local: '2026-11-24 11:35 -05:00 America/New_York' },
};

describe('stop --at', () => {
  const open = standInForEachTest();

  it('plans a halt on the clocks of a zone, and says how to take it back', async () => {
    const { url, requests } = await open((app) => app.post('/v1/strategies/:id/stops', (c) => c.json(planned, 202)));

    const { code, stdout, stderr } = await runCommand([
      ...['stop', '--strategy', 'btc-momentum', '--at', '16:35', '--tz', 'Europe/London', '--on', '2026-11-24'],
      ...['--ticket', 'OPS-1', '--url', url],
    ]);

    assert.deepEqual(
      [code, requests.at(-1)?.body],
      [0, { at: '16:35', timeZone: 'Europe/London', on: '2026-11-24', ticket: 'OPS-1' }],
    );
    assert.match(stdout + stderr, new RegExp(`stop --cancel ${HALT}`));
  });

  it('asks for the time or the zone that is missing, and stops nothing', async () => {
    const { url, requests } = await open();

    for (const half of [
      ['--at', '16:35'],
      ['--tz', 'Europe/London'],
      ['--on', '2026-11-24'],
    ]) {
      const { code, stderr } = await runCommand(['stop', '--strategy', 'btc-momentum', ...half, '--url', url]);
      assert.equal(code, 2);
      assert.match(stderr, /give both: --at 16:35 --tz Europe\/London; nothing was stopped/);
    }
    assert.deepEqual(
      requests.filter(({ method }) => method === 'POST'),
      [],
    );
  });

  it('asks what to stop', async () => {
    const { url } = await open();

    assert.equal((await runCommand(['stop', '--url', url])).code, 2);
  });
});

describe('stop --cancel', () => {
  const open = standInForEachTest();

  it('finds the strategy in the calendar, and takes the halt back', async () => {
    const { url, requests } = await open((app) => {
      app.get('/v1/calendar', (c) => c.json({ halts: [entry] }));
      app.post('/v1/strategies/:id/stops/:halt/cancellation', (c) => c.json({ ...planned, summary: 'cancelled' }));
    });

    const { code, stdout } = await runCommand(['stop', '--cancel', HALT, '--reason', 'later', '--url', url]);

    assert.deepEqual(
      [code, requests.at(-1)?.path, requests.at(-1)?.body],
      [0, `/v1/strategies/btc-momentum/stops/${HALT}/cancellation`, { reason: 'later' }],
    );
    assert.match(stdout, /cancelled/);
  });

  it('says where to look for one that is not there', async () => {
    const { url } = await open((app) => app.get('/v1/calendar', (c) => c.json({ halts: [] })));

    const { code, stderr } = await runCommand(['stop', '--cancel', HALT, '--url', url]);

    assert.equal(code, 2);
    assert.match(stderr, /the calendar has no halt 'halt-0123456789ab'[\s\S]*calendar/);
  });
});

describe('calendar', () => {
  const open = standInForEachTest();

  it('shows UTC and venue-local time side by side, and one line for each halt in a pipe', async () => {
    const { url, requests } = await open((app) => app.get('/v1/calendar', (c) => c.json({ halts: [entry] })));

    const { stdout } = await runCommand(['calendar', '--strategy', 'btc-momentum', '--url', url]);
    const lines = await runCommand(['calendar', '--output', 'jsonl', '--url', url]);

    assert.match(stdout, /scheduled\s+2026-11-24 16:35:00Z\s+2026-11-24 11:35 -05:00 America\/New_York/);
    assert.equal(JSON.parse(lines.stdout).id, HALT);
    assert.equal(requests[0]?.path, '/v1/calendar?strategy=btc-momentum');
  });
});

describe('the countdown of a drain', () => {
  const now = new Date('2026-11-24T20:55:00Z');
  const drain = {
    ...{ until: '2026-11-24T20:56:40Z', policy: 'cancel' },
    engines: [
      { instance: 'e-1', open: 2 },
      { instance: 'e-2', open: null, leaseUntil: '2026-11-24T20:55:03Z' },
      { instance: 'e-3', open: null },
    ],
    venues: [
      {
        ...{ venue: 'XNYS', open: 2, closesAt: '2026-11-24T21:00:00Z' },
        noCancel: { name: 'closing auction', from: '2026-11-24T20:50:00Z', to: '2026-11-24T21:00:00Z' },
      },
      {
        venue: 'XETR',
        open: null,
        noCancel: { name: 'auction', from: '2026-11-24T21:50:00Z', to: '2026-11-24T22:00:00Z' },
      },
    ],
  };

  it('says how long, then what, and what every venue and engine says', () => {
    assert.deepEqual(drainLines({ drain }, now), [
      'draining for 1 min 40 s more, then: cancel',
      '  XNYS: 2 open, closes 2026-11-24 21:00:00Z, takes no cancels until 2026-11-24 21:00:00Z (closing auction)',
      '  XETR: gives no usable answer, takes no cancels from 2026-11-24 21:50:00Z to 2026-11-24 22:00:00Z (auction)',
      '  e-1: counts 2',
      '  e-2: does not answer, its lease ends 2026-11-24 20:55:03Z',
      '  e-3: does not answer',
    ]);
  });

  it('fits in one line, goes on past the deadline, and is nothing where nothing drains', () => {
    const after = new Date('2026-11-24T20:57:00Z');

    assert.equal(
      drainSummary({ drain }, after),
      "past the drain's deadline 2026-11-24 20:56:40Z: cancel; open orders: XNYS 2, XETR silent",
    );
    assert.deepEqual([drainSummary({ drain: null }, after), drainLines({}, after)], [undefined, []]);
  });
});
