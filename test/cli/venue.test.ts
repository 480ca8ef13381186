import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { runCommand } from './run-command.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const moment = (utc: string, local: string) => ({ utc, local });
const halt = {
  ...{ id: 'halt-0123456789ab', reason: 'outage of the matching engine', since: '2026-11-26T15:00:00.000Z' },
  ...{ source: 'person', by: 'sub-sre' },
};
const over = {
  ...halt,
  id: 'halt-00000000000a',
  reason: 'limit up',
  instrument: 'AAPL',
  endedAt: '2026-11-26T14:00:00.000Z',
};
const venue = {
  ...{ mic: 'XNYS', name: 'New York Stock Exchange', timeZone: 'America/New_York', digest: 'sha256:abc' },
  covers: { from: '2026-01-01', to: '2028-12-31' },
  ...{ state: 'closed', closedFor: 'Thanksgiving Day', halts: [] as object[] },
  opensAt: moment('2026-11-27T14:30:00.000Z', '2026-11-27 09:30 -05:00 America/New_York'),
  closesAt: moment('2026-11-27T18:00:00.000Z', '2026-11-27 13:00 -05:00 America/New_York'),
};
const details = {
  ...venue,
  sources: [{ years: '2026-2028', basis: 'published', from: 'the exchange' }],
  sessions: [{ tradingDate: '2026-11-27', opensAt: venue.opensAt, closesAt: venue.closesAt }],
  holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
  earlyCloses: [{ date: '2026-11-27', close: '13:00', name: 'Day after Thanksgiving' }],
  maintenance: [{ name: 'Upgrade', date: '2026-12-05', from: '06:00', to: '08:00' }],
  pastHalts: [over],
};
const always = {
  ...venue,
  mic: 'XSIM',
  state: 'halted',
  closedFor: undefined,
  opensAt: undefined,
  closesAt: undefined,
  halts: [halt],
};

describe('venue', () => {
  const standIn = standInForEachTest();
  const plane = (shown: object = details) =>
    standIn((app) => {
      app.get('/v1/venues', (c) => c.json({ venues: [venue, always] }));
      app.get('/v1/venues/:mic', (c) => c.json(shown));
      app.post('/v1/venues/:mic/halts', (c) => c.json({ mic: 'XNYS', halt, summary: 'XNYS is halted: outage' }));
      app.post('/v1/venues/:mic/halts/:id/end', (c) =>
        c.json({ mic: 'XNYS', halt, summary: 'the halt of XNYS ended' }),
      );
    });
  const told = async (args: string[], shown?: object) => {
    const { url, requests } = await plane(shown);
    return Object.assign(await runCommand(['venue', ...args, '--url', url]), { requests });
  };

  it('lists every venue with what it is closed for, and when it opens in UTC and on its own clocks', async () => {
    const { code, stdout } = await told(['list']);

    assert.equal(code, 0);
    assert.match(
      stdout,
      /XNYS +closed +Thanksgiving Day +2026-11-27 14:30:00Z +2026-11-27 09:30 -05:00 America\/New_York/,
    );
    assert.match(stdout, /XSIM +HALTED +- +- +- +- +outage of the matching engine/);
  });

  it('lists them for machines, a line each', async () => {
    const { lines } = await told(['list', '--output', 'jsonl']);

    assert.deepEqual(
      lines.map((line) => Object(line)['mic']),
      ['XNYS', 'XSIM'],
    );
  });

  it('shows one with its sessions, days out of the ordinary, maintenance, halts and sources', async () => {
    const { stdout, requests } = await told(['show', 'xnys'], { ...details, halts: [halt] });

    assert.equal(requests[0]?.path, '/v1/venues/XNYS');
    for (const text of [
      /closed \(Thanksgiving Day\)/,
      /source 2026-2028 +the exchange \(published\)/,
      /2026-11-27 +2026-11-27 14:30:00Z/,
      /2026-11-27 +Day after Thanksgiving: closes 13:00\n2026-12-25 +Christmas Day/,
      /Upgrade +06:00 +08:00 +2026-12-05/,
      /halt-0123456789ab +all +2026-11-26 15:00:00Z +no +sub-sre +outage/,
      /halt-00000000000a +AAPL +2026-11-26 15:00:00Z +2026-11-26 14:00:00Z/,
    ])
      assert.match(stdout, text);
  });

  it('shows a venue with nothing out of the ordinary in few words', async () => {
    const plain = { ...details, sessions: [], holidays: [], earlyCloses: [], pastHalts: [] };
    const { stdout } = await told(['show', 'XNYS'], {
      ...plain,
      maintenance: [{ ...details.maintenance[0], date: undefined, days: ['TUE', 'SAT'] }],
    });

    assert.match(stdout, /no session within seven days/);
    assert.match(stdout, /Upgrade +06:00 +08:00 +TUE SAT/);
    assert.doesNotMatch(stdout, /OUT OF THE ORDINARY|HALT /);
  });

  it('halts one, and says how the halt is ended', async () => {
    const { code, stdout, requests } = await told(['halt', 'XNYS', '--reason', 'outage']);

    assert.equal(code, 0);
    assert.match(
      stdout,
      /✓ XNYS is halted: outage\n +when it is over: npx tradepulse-cli venue end-halt XNYS halt-0123456789ab/,
    );
    assert.deepEqual([requests[0]?.path, requests[0]?.body], ['/v1/venues/XNYS/halts', { reason: 'outage' }]);
  });

  it('halts one instrument until a time that is known', async () => {
    const { stdout, requests } = await told([
      ...['halt', 'XNYS', '--reason', 'limit up', '--instrument', 'AAPL', '--until', '2026-11-26T16:00:00+01:00'],
    ]);

    assert.deepEqual(requests[0]?.body, { reason: 'limit up', instrument: 'AAPL', until: '2026-11-26T15:00:00.000Z' });
    assert.doesNotMatch(stdout, /when it is over/);
  });

  it('ends the halt that is named, or the only one that stands', async () => {
    const named = await told(['end-halt', 'XNYS', 'halt-0123456789ab']);
    const only = await told(['end-halt', 'XNYS'], { ...details, halts: [halt] });

    for (const { requests } of [named, only])
      assert.equal(requests.at(-1)?.path, '/v1/venues/XNYS/halts/halt-0123456789ab/end');
    assert.match(named.stdout, /✓ the halt of XNYS ended/);
  });

  it('does not guess which halt is over', async () => {
    const none = await told(['end-halt', 'XNYS']);
    const two = await told(['end-halt', 'XNYS'], { ...details, halts: [halt, { ...halt, id: 'halt-ffffffffffff' }] });

    assert.deepEqual([none.code, two.code], [10, 2]);
    assert.match(two.stderr, /2 halts: halt-0123456789ab \(outage of the matching engine\), halt-ffffffffffff/);
    assert.equal(two.requests.length, 1);
  });

  const misuses: [what: string, args: string[], said: RegExp][] = [
    ['a code that is none', ['show', 'NYSE!'], /'NYSE!' is no code of a venue/],
    ['a path for a code', ['halt', '../runs', '--reason', 'x'], /is no code of a venue/],
    ['no reason', ['halt', 'XNYS'], /--reason/],
    ['a time without a zone', ['halt', 'XNYS', '--reason', 'x', '--until', '2026-11-26T16:00:00'], /a zone/],
  ];
  for (const [what, args, said] of misuses)
    it(`refuses ${what} before it asks anybody`, async () => {
      const { code, stderr, requests } = await told(args);

      assert.deepEqual([code, requests], [2, []]);
      assert.match(stderr, said);
    });
});

describe('venue check', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tradepulse-calendars-'));
  after(() => rm(folder, { recursive: true }));
  const shipped = (mic: string) => resolve(import.meta.dirname, `../../config/venues/${mic}.yaml`);

  it('takes the calendars that ship with the product, without a network', async () => {
    const { code, stdout, lines } = await runCommand([
      'venue',
      'check',
      shipped('xnys'),
      shipped('xtks'),
      '--output',
      'jsonl',
    ]);

    assert.equal(code, 0, stdout);
    assert.deepEqual(
      lines.map((line) => Object(line)['mic']),
      ['XNYS', 'XTKS'],
    );
  });

  it('names every mistake of every file by its line', async () => {
    const file = join(folder, 'xabc.yaml');
    await writeFile(file, 'mic: XABC\nname: A\ntimeZone: Nowhere\ncovers: { from: 2026-01-01, to: 2026-13-01 }\n');

    const { code, stderr } = await runCommand(['venue', 'check', file, shipped('xnys'), join(folder, 'none.yaml')]);
    const wrong = await runCommand(['venue', 'check', file]);

    assert.deepEqual([code, wrong.code], [2, 2]);
    assert.match(stderr, /none\.yaml cannot be read/);
    assert.match(wrong.stderr, /xabc\.yaml:4:29: covers\.to: a date is YYYY-MM-DD/);
    assert.match(wrong.stderr, /xabc\.yaml:1:1: sessions: Invalid input/);
  });

  it('refuses a file of more than a megabyte unread, and a bomb', async () => {
    const [large, bomb] = [join(folder, 'large.yaml'), join(folder, 'bomb.yaml')];
    await writeFile(large, 'x'.repeat(1_000_001));
    await writeFile(
      bomb,
      `a0: &a0 [x]\n${Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`).join('\n')}\n`,
    );

    assert.match((await runCommand(['venue', 'check', large])).stderr, /1000001 bytes, more than 1000000/);
    assert.match((await runCommand(['venue', 'check', bomb])).stderr, /bomb\.yaml:2:\d+: Excessive alias count/);
  });
});
