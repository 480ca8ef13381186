import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { VenueCalendar } from '../../../domain/market/calendar.ts';
import { isOpen, nextClose, nextOpen, sessionAt, sessionsBetween } from '../../../domain/market/opening-hours.ts';
import { sessionsOn } from '../../../domain/market/sessions.ts';
import { shippedCalendar, shippedCalendars } from '../../fakes/calendars.ts';

const HOUR = 3_600_000;
const [FROM, TO] = [Date.parse('2026-01-02T00:00:00Z'), Date.parse('2028-11-01T00:00:00Z')];
const anyCalendar = fc.constantFrom(...shippedCalendars());
/** Whole minutes, and the millisecond before one: where openings and closes are. */
const anyMoment = fc
  .tuple(fc.integer({ min: FROM / 60_000, max: TO / 60_000 }), fc.constantFrom(0, 1))
  .map(([minute, before]) => new Date(minute * 60_000 - before));
const seeded = { seed: 20_261_126 };

describe('opening hours', () => {
  it('are sessions that never overlap, in order, each of its own trading date', () =>
    fc.assert(
      fc.property(anyCalendar, anyMoment, (calendar, from) => {
        const sessions = sessionsBetween(calendar, from, new Date(from.getTime() + 14 * 24 * HOUR));

        for (const [at, { opensAt, closesAt, tradingDate }] of sessions.entries()) {
          const next = sessions[at + 1];
          assert.ok(opensAt < closesAt, `${calendar.mic} ${tradingDate} closes after it opens`);
          if (next)
            assert.ok(closesAt <= next.opensAt && tradingDate <= next.tradingDate, `${calendar.mic} ${tradingDate}`);
        }
      }),
      seeded,
    ));

  it('open next at a moment that is open, while the one before it was not', () =>
    fc.assert(
      fc.property(anyCalendar, anyMoment, (calendar, at) => {
        const opensAt = nextOpen(calendar, at);
        fc.pre(opensAt !== undefined);

        assert.ok(opensAt > at);
        assert.ok(isOpen(calendar, opensAt));
        assert.ok(!isOpen(calendar, new Date(opensAt.getTime() - 1)));
      }),
      seeded,
    ));

  it('close next at a moment that is closed, while the one before it was not, and not before they opened', () =>
    fc.assert(
      fc.property(anyCalendar, anyMoment, (calendar, at) => {
        const closesAt = nextClose(calendar, at);
        fc.pre(closesAt !== undefined);

        assert.ok(closesAt > at);
        assert.ok(!isOpen(calendar, closesAt));
        assert.ok(isOpen(calendar, new Date(closesAt.getTime() - 1)));
        if (!isOpen(calendar, at)) assert.ok(Number(nextOpen(calendar, at)) < closesAt.getTime());
        else assert.ok(Number(nextOpen(calendar, at) ?? Number.POSITIVE_INFINITY) > closesAt.getTime());
      }),
      seeded,
    ));

  it('are the same whether asked for one moment or listed', () =>
    fc.assert(
      fc.property(anyCalendar, anyMoment, (calendar, at) => {
        const listed = sessionsBetween(calendar, at, new Date(at.getTime() + 1));

        assert.deepEqual(listed[0], sessionAt(calendar, at));
      }),
      seeded,
    ));

  it('leave every holiday without a session, and closed the whole local day where no session begins in the evening before', () => {
    for (const calendar of shippedCalendars())
      for (const { date, name } of calendar.holidays) {
        assert.deepEqual(sessionsOn(calendar, date), [], `${calendar.mic} ${date} ${name}`);
        if (calendar.sessions.some(({ opensDayBefore }) => opensDayBefore)) continue;
        assert.deepEqual(sessionsBetween(calendar, midnight(calendar, date), midnight(calendar, date, 1)), []);
      }
  });

  it('say nothing about more than 800 days at once', () => {
    const calendar = shippedCalendar('XNYS');

    assert.throws(() => sessionsBetween(calendar, new Date(FROM), new Date(TO)), /1034 days of sessions/);
    assert.deepEqual(sessionsBetween(calendar, new Date(TO), new Date(FROM)), []);
  });
});

const midnight = ({ timeZone }: VenueCalendar, date: string, later = 0) =>
  new Date(Temporal.PlainDate.from(date).add({ days: later }).toZonedDateTime(timeZone).epochMilliseconds);

describe('the weeks in which clocks change', () => {
  const opensAt = (mic: string, date: string) => sessionsOn(shippedCalendar(mic), date)[0]?.opensAt.toISOString();

  const changes: [string, string, before: string, string, after: string][] = [
    ['XNYS', '2026-03-06', '2026-03-06T14:30:00.000Z', '2026-03-09', '2026-03-09T13:30:00.000Z'],
    ['XNYS', '2026-10-30', '2026-10-30T13:30:00.000Z', '2026-11-02', '2026-11-02T14:30:00.000Z'],
    ['XNAS', '2027-03-12', '2027-03-12T14:30:00.000Z', '2027-03-15', '2027-03-15T13:30:00.000Z'],
    ['XLON', '2026-03-27', '2026-03-27T08:00:00.000Z', '2026-03-30', '2026-03-30T07:00:00.000Z'],
    ['XLON', '2026-10-23', '2026-10-23T07:00:00.000Z', '2026-10-26', '2026-10-26T08:00:00.000Z'],
    ['XETR', '2026-03-27', '2026-03-27T08:00:00.000Z', '2026-03-30', '2026-03-30T07:00:00.000Z'],
    ['XETR', '2028-10-27', '2028-10-27T07:00:00.000Z', '2028-10-30', '2028-10-30T08:00:00.000Z'],
    ['XCME', '2026-03-06', '2026-03-05T23:00:00.000Z', '2026-03-09', '2026-03-08T22:00:00.000Z'],
    ['XCME', '2026-10-30', '2026-10-29T22:00:00.000Z', '2026-11-02', '2026-11-01T23:00:00.000Z'],
    ['XTKS', '2026-03-27', '2026-03-27T00:00:00.000Z', '2026-10-26', '2026-10-26T00:00:00.000Z'],
  ];
  for (const [mic, before, was, after, is] of changes)
    it(`move the opening of ${mic} from ${was.slice(11, 16)} (${before}) to ${is.slice(11, 16)} UTC (${after})`, () => {
      assert.deepEqual([opensAt(mic, before), opensAt(mic, after)], [was, is]);
    });

  it('make the night session that spans them an hour shorter or longer, and no other', () => {
    const nights = { ...shippedCalendar('XCME'), holidays: [], earlyCloses: [], sessions: [everyNight] };
    const hours = (date: string) =>
      sessionsOn(nights, date).map(({ opensAt: from, closesAt: to }) => (to.getTime() - from.getTime()) / HOUR);

    assert.deepEqual(['2026-03-07', '2026-03-08', '2026-11-01', '2026-11-02'].map(hours), [[14], [13], [15], [14]]);
  });
});

const everyNight: VenueCalendar['sessions'][number] = {
  days: ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'],
  open: '20:00',
  opensDayBefore: true,
  close: '10:00',
};

describe('maintenance and early closes', () => {
  const crypto = shippedCalendar('XCRY');

  it('cut a session in two, and only on their day', () => {
    const hoursOn = (date: string) =>
      sessionsOn(crypto, date).map(({ opensAt, closesAt }) =>
        [opensAt, closesAt].map((at) => at.toISOString().slice(11, 16)),
      );

    assert.deepEqual(hoursOn('2026-12-01'), [
      ['00:00', '07:00'],
      ['07:15', '00:00'],
    ]);
    assert.deepEqual(hoursOn('2026-12-05'), [
      ['00:00', '06:00'],
      ['08:00', '00:00'],
    ]);
    assert.deepEqual(hoursOn('2026-12-02'), [['00:00', '00:00']]);
  });

  it('swallow a session whole, and cut the evening of a session that begins the day before', () => {
    const maintenance = [{ days: ['SUN' as const], from: '16:30', to: '17:30', name: 'Sunday opening' }];
    const globex = { ...shippedCalendar('XCME'), maintenance };
    const closed = { ...crypto, maintenance: [{ date: '2026-12-02', from: '00:00', to: '24:00', name: 'A day off' }] };

    assert.equal(sessionsOn(globex, '2026-11-23')[0]?.opensAt.toISOString(), '2026-11-22T23:30:00.000Z');
    assert.deepEqual(sessionsOn(closed, '2026-12-02'), []);
  });

  it('end a day with a lunch break before the afternoon begins', () => {
    const tokyo = {
      ...shippedCalendar('XTKS'),
      earlyCloses: [{ date: '2026-11-24', close: '11:00', name: 'Half day' }],
    };

    assert.deepEqual(
      sessionsOn(tokyo, '2026-11-24').map(({ closesAt }) => closesAt.toISOString()),
      ['2026-11-24T02:00:00.000Z'],
    );
  });
});
