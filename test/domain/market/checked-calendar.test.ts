import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCalendar } from '../../../adapters/yaml/read-calendar.ts';
import { shippedCalendars } from '../../fakes/calendars.ts';

const GOOD = `mic: XNYS
name: New York Stock Exchange
timeZone: America/New_York
covers: { from: 2026-01-01, to: 2026-12-31 }
sources:
  - { years: '2026', basis: published, from: the exchange }
sessions:
  - { days: [MON, TUE, WED, THU, FRI], open: '09:30', close: '16:00' }
holidays:
  - { date: 2026-11-26, name: Thanksgiving }
earlyCloses:
  - { date: 2026-11-27, close: '13:00', name: The day after }
maintenance:
  - { date: 2026-11-28, from: '10:00', to: '11:00', name: Rehearsal }
`;
const read = (text: string, file = 'config/venues/xnys.yaml') => readCalendar(text, file);
const changed = (from: string, to: string) => () => read(GOOD.replace(from, to));

describe('a calendar file', () => {
  it('is read as it stands', () => {
    assert.equal(read(GOOD).holidays[0]?.name, 'Thanksgiving');
    assert.equal(shippedCalendars().length, 9);
  });

  it('may leave out holidays, early closes and maintenance', () => {
    const { holidays, earlyCloses, maintenance } = read(GOOD.slice(0, GOOD.indexOf('holidays:')));

    assert.deepEqual([holidays, earlyCloses, maintenance], [[], [], []]);
  });

  const session = "  - { days: [MON, TUE, WED, THU, FRI], open: '09:30', close: '16:00' }\n";
  const mistakes: [what: string, from: string, to: string, line: number, reason: RegExp][] = [
    ['a zone that is none', 'America/New_York', 'America/Gotham', 3, /America\/Gotham is no IANA time zone/],
    ['an offset for a zone, which knows no summer time', 'America/New_York', '"-05:00"', 3, /-05:00 is no IANA/],
    ['a cover that ends before it begins', 'to: 2026-12-31', 'to: 2025-12-31', 4, /ends at 2025-12-31, before/],
    ['a day that does not exist', '2026-11-26', '2026-02-30', 10, /a date is YYYY-MM-DD, and exists/],
    ['a time that does not exist', "'09:30'", "'25:30'", 8, /a time of day is HH:MM/],
    ['a session that closes before it opens', "'16:00'", "'09:00'", 8, /09:30 to 09:00 is not up to 24 hours/],
    [
      'a session of more than a day',
      "open: '09:30'",
      "open: '09:30', opensDayBefore: true",
      8,
      /09:30 to 16:00 is not up to 24 hours/,
    ],
    [
      'sessions that overlap',
      session,
      `${session}  - { days: [FRI], open: '15:59', close: '17:00' }\n`,
      9,
      /sessions\.1: overlaps another session of FRI/,
    ],
    [
      'sessions that overlap across the end of the week',
      session,
      "  - { days: [SUN], open: '09:00', close: '24:00' }\n  - { days: [MON], open: '23:00', opensDayBefore: true, close: '16:00' }\n",
      9,
      /sessions\.1: overlaps another session of SUN/,
    ],
    [
      'a holiday that repeats',
      'holidays:\n',
      'holidays:\n  - { date: 2026-11-26, name: Turkey }\n',
      11,
      /holidays\.1\.date: 2026-11-26 stands there twice/,
    ],
    ['a holiday on a day off', '2026-11-26', '2026-11-28', 10, /2026-11-28 is a SAT: nothing is traded then/],
    ['a holiday of another year', '2026-11-26', '2027-11-25', 10, /outside of 2026-01-01 to 2026-12-31/],
    ['an early close at the regular one', "'13:00'", "'16:00'", 12, /16:00 is not within the trading hours/],
    ['an early close before the open', "'13:00'", "'09:30'", 12, /09:30 is not within the trading hours/],
    ['an early close on a holiday', '2026-11-27', '2026-11-26', 12, /2026-11-26 is a holiday/],
    [
      'an early close that repeats',
      'earlyCloses:\n',
      "earlyCloses:\n  - { date: 2026-11-27, close: '12:00', name: Again }\n",
      13,
      /earlyCloses\.1\.date: 2026-11-27 stands there twice/,
    ],
    ['maintenance that ends before it begins', "to: '11:00'", "to: '09:00'", 14, /09:00 is not after 10:00/],
    ['maintenance without a day', 'date: 2026-11-28, ', '', 14, /either on days, every week, or once on a date/],
    ['maintenance on both', 'date: 2026-11-28', 'date: 2026-11-28, days: [SAT]', 14, /either on days/],
    ['an unknown key', 'name: New York', 'colour: blue\nname: New York', 2, /Unrecognized key: "colour"/],
    [
      'an unknown key of a holiday',
      'name: Thanksgiving',
      'name: Thanksgiving, half: true',
      10,
      /Unrecognized key: "half"/,
    ],
    ['no session', session, '', 7, /sessions/],
    ['no source', "  - { years: '2026', basis: published, from: the exchange }\n", '', 5, /sources/],
    ['a code that is none', 'XNYS', 'nyse', 1, /a MIC is four capital letters or digits/],
  ];
  for (const [what, from, to, line, reason] of mistakes)
    it(`is refused for ${what}, with file and line`, () => {
      assert.throws(changed(from, to), (error: Error) => {
        assert.match(error.message, new RegExp(`config/venues/xnys\\.yaml:${line}:\\d+: `));
        assert.match(error.message, reason);
        return true;
      });
    });

  it('is refused with all of its mistakes at once', () => {
    const worse = GOOD.replace("'13:00'", "'16:00'").replace("to: '11:00'", "to: '09:00'");

    assert.throws(() => read(worse), /xnys\.yaml:12:.*\n.*xnys\.yaml:14:/);
  });

  it('is refused under the name of another venue', () => {
    assert.throws(
      () => read(GOOD, 'config/venues/xlon.yaml'),
      /xlon\.yaml is the calendar of XNYS: call it xnys\.yaml/,
    );
  });

  it('is refused when it is a bomb', () => {
    const rows = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`).join('\n');

    assert.throws(() => read(`a0: &a0 [x]\n${rows}\n`), /xnys\.yaml:2:\d+: Excessive alias count/);
  });
});
