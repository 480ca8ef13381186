import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { shippedCalendars, storedCalendar } from '../fakes/calendars.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Body = z.record(z.string(), z.unknown());
let made: ApiWorld;
let keys = 0;

beforeEach(() => {
  made = apiWorld();
  for (const calendar of shippedCalendars())
    made.store.records.set(`CALENDAR#${calendar.mic}`, { kind: 'CALENDAR', record: storedCalendar(calendar) });
});

const read = async (path: string, as = 'auditor') => {
  const response = await made.send('launch', path, { as, method: 'GET' });
  return { status: response.status, body: Body.parse(await response.json()) };
};
const send = async (
  path: string,
  { as = 'sre', body = {}, ...more }: { as?: string; body?: unknown; raw?: string } = {},
) => {
  keys += 1;
  const headers = { 'idempotency-key': `venue-key-${keys}` };
  const response = await made.send('launch', path, { as, body, headers, ...more });
  return { status: response.status, body: Body.parse(await response.json()) };
};
const idOf = ({ body }: { body: Record<string, unknown> }) => String(Object(body['halt'])['id']);
const venueNow = async (mic: string) => {
  const { body } = await read(`/v1/venues/${mic}`);
  return {
    state: body['state'],
    halts: z
      .array(Body)
      .parse(body['halts'])
      .map(({ reason }) => reason),
    body,
  };
};

describe('GET /v1/venues', () => {
  it('says of each venue whether it trades, and when it opens and closes next, in UTC and on its own clocks', async () => {
    const { body } = await read('/v1/venues');

    const venues = z.array(Body).parse(body['venues']);
    assert.deepEqual(
      venues.map(({ mic, state }) => [mic, state]),
      [
        ['XCME', 'open'],
        ['XCRY', 'open'],
        ['XETR', 'open'],
        ['XLON', 'open'],
        ['XNAS', 'closed'],
        ['XNYS', 'closed'],
        ['XSIF', 'open'],
        ['XSIM', 'open'],
        ['XTKS', 'closed'],
      ],
    );
    assert.deepEqual(venues.find(({ mic }) => mic === 'XNYS')?.['opensAt'], {
      utc: '2026-11-24T14:30:00.000Z',
      local: '2026-11-24 09:30 -05:00 America/New_York',
    });
    assert.equal(venues.find(({ mic }) => mic === 'XSIM')?.['closesAt'], undefined);
  });

  it('shows one with its next sessions, holidays, short days and where they stand', async () => {
    const { body } = await read('/v1/venues/XNYS');

    const dates = (key: string) =>
      z
        .array(Body)
        .parse(body[key])
        .map((each) => each['tradingDate'] ?? each['date']);
    assert.deepEqual(dates('sessions'), ['2026-11-24', '2026-11-25', '2026-11-27', '2026-11-30']);
    assert.deepEqual(
      [dates('holidays'), dates('earlyCloses')],
      [
        ['2026-11-26', '2026-12-25', '2027-01-01', '2027-01-18'],
        ['2026-11-27', '2026-12-24'],
      ],
    );
    assert.match(JSON.stringify(body['sources']), /Holiday and Early Closings Calendar/);
    assert.match(
      JSON.stringify((await read('/v1/venues/XCRY')).body['maintenance']),
      /Weekly maintenance.*matching engine/,
    );
  });

  it('says what a venue is closed for, and that it is unknown beyond its calendar', async () => {
    made.pass(2 * 86_400_000);
    assert.deepEqual(
      [(await venueNow('XNYS')).body['closedFor'], (await venueNow('XNYS')).state],
      ['Thanksgiving Day', 'closed'],
    );

    made.pass(3 * 365 * 86_400_000);
    assert.deepEqual([(await venueNow('XNYS')).state, (await venueNow('XSIM')).state], ['unknown', 'open']);
  });

  it('does not know a venue that is not configured', async () => {
    for (const mic of ['XXXX', 'nyse', 'XNYSX'])
      assert.deepEqual(
        [(await read(`/v1/venues/${mic}`)).status, (await read(`/v1/venues/${mic}`)).body['code']],
        [404, 'UnknownVenue'],
      );
  });
});

describe('halts of a venue', () => {
  it('are said by a site reliability engineer, a risk officer or a trader alone, and ended by an engineer', async () => {
    for (const as of ['sre', 'risk', 'trader'])
      assert.equal((await send('/v1/venues/XSIM/halts', { as, body: { reason: `said by ${as}` } })).status, 200);
    const last = await send('/v1/venues/XSIM/halts', { body: { reason: 'the last' } });
    assert.deepEqual([(await venueNow('XSIM')).state, (await venueNow('XSIM')).halts.length], ['halted', 4]);

    const refused = await send(`/v1/venues/XSIM/halts/${idOf(last)}/end`, { as: 'risk' });
    const ended = await send(`/v1/venues/XSIM/halts/${idOf(last)}/end`);

    assert.deepEqual([refused.status, refused.body['code'], ended.status], [403, 'WrongRole', 200]);
    assert.equal((await venueNow('XSIM')).halts.includes('the last'), false);
    assert.match(JSON.stringify((await venueNow('XSIM')).body['pastHalts']), /the last/);
  });

  it('of one instrument leave the venue open, and stand beside it', async () => {
    await send('/v1/venues/XSIM/halts', { body: { reason: 'limit up', instrument: 'BTC-PERP' } });

    const { state, halts } = await venueNow('XSIM');

    assert.deepEqual([state, halts], ['open', ['limit up']]);
  });

  it('come with the receipt of their entry', async () => {
    const { body } = await send('/v1/venues/XSIM/halts', { body: { reason: 'outage' } });

    assert.equal(Object(body['receipt'])['log'], 'desk');
    assert.equal(body['summary'], 'XSIM is halted: outage');
  });

  const refusals: [what: string, path: string, options: Parameters<typeof send>[1], status: number, code: string][] = [
    ['nobody known', '/v1/venues/XSIM/halts', { as: 'nobody', body: { reason: 'x' } }, 401, 'TokenInvalid'],
    [
      'somebody who may only read',
      '/v1/venues/XSIM/halts',
      { as: 'reader', body: { reason: 'x' } },
      403,
      'NotPermitted',
    ],
    ['an auditor', '/v1/venues/XSIM/halts', { as: 'auditor', body: { reason: 'x' } }, 403, 'WrongRole'],
    ['a venue that nobody configured', '/v1/venues/XXXX/halts', { body: { reason: 'x' } }, 404, 'UnknownVenue'],
    ['a name that is no code', '/v1/venues/%22;DROP/halts', { body: { reason: 'x' } }, 404, 'UnknownVenue'],
    ['no reason', '/v1/venues/XSIM/halts', { body: {} }, 400, 'InvalidRequest'],
    ['a reason that is no text', '/v1/venues/XSIM/halts', { body: { reason: 7 } }, 400, 'InvalidRequest'],
    [
      'a reason with control characters',
      '/v1/venues/XSIM/halts',
      { body: { reason: 'a\u0007b' } },
      400,
      'InvalidRequest',
    ],
    ['an unknown key', '/v1/venues/XSIM/halts', { body: { reason: 'x', force: true } }, 400, 'InvalidRequest'],
    [
      'an end in the past',
      '/v1/venues/XSIM/halts',
      { body: { reason: 'x', until: '2020-01-01T00:00:00Z' } },
      400,
      'InvalidRequest',
    ],
    [
      'an end that is no time',
      '/v1/venues/XSIM/halts',
      { body: { reason: 'x', until: 'soon' } },
      400,
      'InvalidRequest',
    ],
    ['what is no JSON', '/v1/venues/XSIM/halts', { raw: '{' }, 400, 'InvalidRequest'],
    ['a body without end', '/v1/venues/XSIM/halts', { raw: `{"reason":"${'x'.repeat(70_000)}"}` }, 413, 'BodyTooLarge'],
    ['the end of a halt that is not there', '/v1/venues/XSIM/halts/halt-0/end', {}, 404, 'NotFound'],
  ];
  for (const [what, path, options, status, code] of refusals)
    it(`refuse ${what} as ${code}, and write nothing`, async () => {
      const { status: told, body } = await send(path, options);

      assert.deepEqual([told, body['code']], [status, code]);
      assert.deepEqual(made.store.storyOf('desk'), []);
    });

  it('need an Idempotency-Key, and give a repeated one its reply', async () => {
    const post = (headers: Record<string, string>) =>
      made.send('launch', '/v1/venues/XSIM/halts', { as: 'sre', body: { reason: 'outage' }, headers });

    assert.equal((await post({})).status, 400);
    const replies = [await post({ 'idempotency-key': 'same-key-1' }), await post({ 'idempotency-key': 'same-key-1' })];
    const [first, again] = await Promise.all(replies.map(async (each) => Body.parse(await each.json())));

    assert.deepEqual(first?.['halt'], again?.['halt']);
    assert.deepEqual(made.store.storyOf('desk'), ['venue.halted']);
  });
});
