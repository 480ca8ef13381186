import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { localTime } from '../../../domain/market/local-time.ts';
import { isOpen, nextClose, nextOpen, tradingDateOf } from '../../../domain/market/opening-hours.ts';
import { venueState } from '../../../domain/market/venue-state.ts';
import { shippedCalendar } from '../../fakes/calendars.ts';

/** Moments looked up by hand in what the exchanges publish. Times in UTC. */
const MOMENTS: readonly [mic: string, at: string, open: boolean, why: string][] = [
  ['XNYS', '2026-11-25T14:29:59Z', false, 'a second before the bell, 09:29:59 in New York'],
  ['XNYS', '2026-11-25T14:30:00Z', true, 'the opening bell'],
  ['XNYS', '2026-11-25T20:59:59Z', true, 'the last second'],
  ['XNYS', '2026-11-25T21:00:00Z', false, 'the closing bell'],
  ['XNYS', '2026-11-26T16:00:00Z', false, 'Thanksgiving'],
  ['XNYS', '2026-11-27T17:59:00Z', true, 'the day after Thanksgiving before 13:00'],
  ['XNYS', '2026-11-27T18:00:00Z', false, 'the day after Thanksgiving closes at 13:00'],
  ['XNYS', '2026-12-24T17:30:00Z', true, 'Christmas Eve before 13:00'],
  ['XNYS', '2026-12-24T18:30:00Z', false, 'Christmas Eve after 13:00'],
  ['XNYS', '2026-07-03T15:00:00Z', false, 'Independence Day, a Saturday, kept on Friday'],
  ['XNYS', '2026-07-02T19:30:00Z', true, 'the day before it is a whole day in 2026'],
  ['XNYS', '2027-07-05T15:00:00Z', false, 'Independence Day, a Sunday, kept on Monday'],
  ['XNYS', '2027-06-18T15:00:00Z', false, 'Juneteenth, a Saturday, kept on Friday'],
  ['XNYS', '2027-12-31T15:00:00Z', true, 'New Year 2028, a Saturday, is not kept'],
  ['XNYS', '2028-07-03T17:30:00Z', false, 'the day before Independence Day closes at 13:00'],
  ['XNYS', '2026-03-09T13:30:00Z', true, 'the first Monday of summer time opens at 13:30 UTC'],
  ['XNYS', '2026-03-06T13:30:00Z', false, 'the Friday before opens at 14:30 UTC'],
  ['XNYS', '2026-11-28T15:00:00Z', false, 'a Saturday'],
  ['XNAS', '2026-04-03T15:00:00Z', false, 'Good Friday'],
  ['XNAS', '2026-04-02T15:00:00Z', true, 'the Thursday before'],
  ['XLON', '2026-12-24T12:29:59Z', true, 'Christmas Eve before 12:30'],
  ['XLON', '2026-12-24T12:30:00Z', false, 'Christmas Eve closes at 12:30'],
  ['XLON', '2026-12-28T10:00:00Z', false, 'Boxing Day, a Saturday, kept on Monday'],
  ['XLON', '2027-12-28T10:00:00Z', false, 'Boxing Day, a Sunday, kept on Tuesday'],
  ['XLON', '2026-06-01T07:00:00Z', true, 'summer time: 08:00 in London'],
  ['XLON', '2026-12-01T07:30:00Z', false, 'winter time: 07:30 in London'],
  ['XLON', '2026-05-04T10:00:00Z', false, 'early May bank holiday'],
  ['XLON', '2028-12-22T13:00:00Z', false, 'the last trading day before Christmas 2028 is the 22nd'],
  ['XETR', '2026-12-24T10:00:00Z', false, 'Christmas Eve'],
  ['XETR', '2026-12-30T12:59:00Z', true, 'the last trading day before 14:00'],
  ['XETR', '2026-12-30T13:00:00Z', false, 'the last trading day ends at 14:00'],
  ['XETR', '2026-05-25T10:00:00Z', true, 'Whit Monday is a trading day'],
  ['XETR', '2028-10-03T10:00:00Z', true, 'so is the Day of German Unity'],
  ['XTKS', '2026-01-02T01:00:00Z', false, 'a holiday of the market'],
  ['XTKS', '2026-11-24T02:29:59Z', true, 'before lunch'],
  ['XTKS', '2026-11-24T02:30:00Z', false, 'lunch'],
  ['XTKS', '2026-11-24T03:30:00Z', true, 'after lunch'],
  ['XTKS', '2026-11-24T06:29:00Z', true, 'before 15:30, after the 15:00 of former years'],
  ['XTKS', '2026-11-24T06:30:00Z', false, '15:30'],
  ['XTKS', '2026-09-22T01:00:00Z', false, 'a day between two holidays'],
  ['XTKS', '2027-03-22T01:00:00Z', false, 'the equinox, a Sunday, kept on Monday'],
  ['XTKS', '2026-12-31T01:00:00Z', false, 'the last day of the year'],
  ['XCME', '2026-11-22T22:59:00Z', false, 'Sunday before 17:00 in Chicago'],
  ['XCME', '2026-11-22T23:00:00Z', true, 'Sunday 17:00'],
  ['XCME', '2026-11-23T22:00:00Z', false, 'the daily break'],
  ['XCME', '2026-11-23T23:00:00Z', true, 'after the daily break'],
  ['XCME', '2026-11-26T17:00:00Z', true, 'Thanksgiving before noon'],
  ['XCME', '2026-11-26T18:00:00Z', false, 'Thanksgiving after noon'],
  ['XCME', '2026-11-26T23:00:00Z', true, 'Thanksgiving evening'],
  ['XCME', '2026-11-27T22:30:00Z', false, 'Friday evening'],
  ['XCME', '2026-12-24T23:30:00Z', false, 'the evening before Christmas'],
  ['XCRY', '2026-11-29T03:00:00Z', true, 'a Sunday night'],
  ['XCRY', '2026-12-01T07:10:00Z', false, 'the weekly maintenance'],
  ['XCRY', '2026-12-05T07:00:00Z', false, 'an upgrade that is announced'],
  ['XSIM', '2031-12-25T03:00:00Z', true, 'the simulated venue is open around the clock'],
  ['XSIF', '2026-11-29T03:00:00Z', true, 'so is the other'],
];

describe('a real moment', () => {
  for (const [mic, at, open, why] of MOMENTS)
    it(`at ${mic} ${at} is ${open ? 'open' : 'closed'}: ${why}`, () => {
      assert.equal(isOpen(shippedCalendar(mic), new Date(at)), open);
    });
});

describe('the next opening and close', () => {
  const told = (mic: string, at: string) => {
    const calendar = shippedCalendar(mic);
    return [nextOpen(calendar, new Date(at)), nextClose(calendar, new Date(at))].map(
      (each) => each && localTime(calendar, each),
    );
  };

  it('of the NYSE on Thanksgiving are those of the short Friday', () => {
    assert.deepEqual(told('XNYS', '2026-11-26T16:00:00Z'), [
      '2026-11-27 09:30 -05:00 America/New_York',
      '2026-11-27 13:00 -05:00 America/New_York',
    ]);
  });

  it('of the NYSE while it is open are the close of today and the open of Monday', () => {
    assert.deepEqual(told('XNYS', '2026-11-27T15:00:00Z'), [
      '2026-11-30 09:30 -05:00 America/New_York',
      '2026-11-27 13:00 -05:00 America/New_York',
    ]);
  });

  it('of Tokyo before lunch are those of lunch', () => {
    assert.deepEqual(told('XTKS', '2026-11-24T01:00:00Z'), [
      '2026-11-24 12:30 +09:00 Asia/Tokyo',
      '2026-11-24 11:30 +09:00 Asia/Tokyo',
    ]);
  });

  it('of Tokyo at the turn of the year are those of the fourth of January', () => {
    assert.equal(told('XTKS', '2026-12-31T00:00:00Z')[0], '2027-01-04 09:00 +09:00 Asia/Tokyo');
  });

  it('of Globex on Christmas are those of Sunday evening', () => {
    assert.deepEqual(told('XCME', '2026-12-25T12:00:00Z'), [
      '2026-12-27 17:00 -06:00 America/Chicago',
      '2026-12-28 16:00 -06:00 America/Chicago',
    ]);
  });

  it('of a venue without a break are none', () => {
    assert.deepEqual(told('XSIM', '2026-11-26T12:00:00Z'), [undefined, undefined]);
  });

  it('beyond what a calendar covers are none, and the venue is unknown, not open', () => {
    const calendar = shippedCalendar('XNYS');
    const monday = new Date('2029-01-08T15:00:00Z');

    assert.deepEqual([isOpen(calendar, monday), venueState(calendar, monday)], [false, { state: 'unknown' }]);
    assert.equal(nextOpen(calendar, new Date('2028-12-29T22:00:00Z')), undefined);
    assert.equal(nextClose(shippedCalendar('XCRY'), new Date('2028-12-30T12:00:00Z')), undefined);
  });
});

describe('the first evening that a calendar covers', () => {
  it('is not open on the day before, though a session of its first trading date runs then', () => {
    const calendar = { ...shippedCalendar('XCME'), covers: { from: '2026-11-24', to: '2028-12-31' } };

    assert.equal(isOpen(calendar, new Date('2026-11-24T00:00:00Z')), false);
    assert.equal(isOpen(calendar, new Date('2026-11-24T06:00:00Z')), true);
  });
});

describe('tradingDateOf', () => {
  const dateAt = (mic: string, at: string) => tradingDateOf(shippedCalendar(mic), new Date(at));

  it('gives Sunday evening at Globex to Monday, and an evening at the NYSE to the next trading date', () => {
    assert.equal(dateAt('XCME', '2026-11-22T23:30:00Z'), '2026-11-23');
    assert.equal(dateAt('XNYS', '2026-11-25T22:00:00Z'), '2026-11-27');
    assert.equal(dateAt('XNYS', '2026-11-25T15:00:00Z'), '2026-11-25');
    assert.equal(dateAt('XTKS', '2026-11-24T00:30:00Z'), '2026-11-24');
  });

  it('knows none beyond what the calendar covers', () => {
    assert.equal(dateAt('XNYS', '2029-01-08T15:00:00Z'), undefined);
  });
});

describe('venueState', () => {
  const reasonAt = (mic: string, at: string) => {
    const state = venueState(shippedCalendar(mic), new Date(at));
    return state.state === 'closed' ? (state.closedFor ?? 'no reason') : state.state;
  };

  it('names the holiday, the early close and the maintenance that a venue is closed for', () => {
    assert.equal(reasonAt('XNYS', '2026-11-26T16:00:00Z'), 'Thanksgiving Day');
    assert.equal(reasonAt('XNYS', '2026-11-27T19:00:00Z'), 'Day after Thanksgiving');
    assert.equal(reasonAt('XCRY', '2026-12-01T07:05:00Z'), 'Weekly maintenance');
    assert.equal(reasonAt('XCRY', '2026-12-05T06:00:00Z'), 'Upgrade of the matching engine');
    assert.equal(reasonAt('XNYS', '2026-11-27T12:00:00Z'), 'no reason');
    assert.equal(reasonAt('XTKS', '2026-11-24T02:45:00Z'), 'no reason');
    assert.equal(reasonAt('XCME', '2026-11-26T23:30:00Z'), 'open');
  });
});
