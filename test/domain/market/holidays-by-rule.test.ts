import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Temporal } from 'temporal-polyfill';
import { shippedCalendar } from '../../fakes/calendars.ts';

type Day = Temporal.PlainDate;
const YEARS = [2026, 2027, 2028];
const [MON, THU, FRI, SAT, SUN] = [1, 4, 5, 6, 7];
const on = (year: number, month: number, day: number): Day => new Temporal.PlainDate(year, month, day);
const plus = (day: Day, days: number): Day => day.add({ days });

/** The nth weekday of a month; counted from its end where `n` is negative. */
function nth(year: number, month: number, weekday: number, n: number): Day {
  if (n < 0)
    return plus(
      nth(year, month, weekday, 1),
      7 * Math.floor((on(year, month, 1).daysInMonth - nth(year, month, weekday, 1).day) / 7),
    );
  return plus(on(year, month, 1), ((weekday - on(year, month, 1).dayOfWeek + 7) % 7) + 7 * (n - 1));
}

/** Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8). */
function easter(year: number): Day {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return on(year, Math.floor(sum / 31), (sum % 31) + 1);
}

const isWeekend = ({ dayOfWeek }: Day) => dayOfWeek >= SAT;
const weekdays = (days: readonly Day[]): string[] =>
  days
    .filter((day) => !isWeekend(day))
    .map(String)
    .toSorted();
const previousWeekday = (day: Day): Day => (isWeekend(day) ? previousWeekday(plus(day, -1)) : day);

/** Saturday is kept on Friday, Sunday on Monday. */
const usObserved = (day: Day): Day => plus(day, day.dayOfWeek === SAT ? -1 : day.dayOfWeek === SUN ? 1 : 0);
const thanksgiving = (year: number) => nth(year, 11, THU, 4);
const usBankHolidays = (year: number): Day[] => [
  ...[nth(year, 1, MON, 3), nth(year, 2, MON, 3), nth(year, 5, MON, -1), usObserved(on(year, 6, 19))],
  ...[usObserved(on(year, 7, 4)), nth(year, 9, MON, 1), thanksgiving(year)],
];
/** New Year on a Saturday is not kept in the year before. */
const closedInTheUs = (year: number): Day[] => [
  ...(on(year, 1, 1).dayOfWeek === SAT ? [] : [usObserved(on(year, 1, 1))]),
  ...[plus(easter(year), -2), usObserved(on(year, 12, 25))],
];
/** The day before Independence Day and Christmas Eve, where both they and the day after are weekdays; the day after Thanksgiving always. */
const shortInTheUs = (year: number): Day[] => [
  ...[on(year, 7, 3), on(year, 12, 24)].filter((day) => !isWeekend(day) && !isWeekend(plus(day, 1))),
  plus(thanksgiving(year), 1),
];

const holidaysOf = (mic: string, year: number) => datesOf(shippedCalendar(mic).holidays, year);
const earlyClosesOf = (mic: string, year: number, close: string) =>
  datesOf(
    shippedCalendar(mic).earlyCloses.filter((each) => each.close === close),
    year,
  );
const datesOf = (rows: readonly { date: string }[], year: number) =>
  rows
    .map(({ date }) => date)
    .filter((date) => date.startsWith(String(year)))
    .toSorted();

for (const year of YEARS)
  describe(`the calendars of ${year}`, () => {
    it('have the holidays and short days of the NYSE and Nasdaq', () => {
      const holidays = weekdays([...closedInTheUs(year), ...usBankHolidays(year)]);

      for (const mic of ['XNYS', 'XNAS']) {
        assert.deepEqual(holidaysOf(mic, year), holidays);
        assert.deepEqual(earlyClosesOf(mic, year, '13:00'), weekdays(shortInTheUs(year)));
      }
    });

    it('halt Globex at noon where only banks are closed', () => {
      assert.deepEqual(holidaysOf('XCME', year), weekdays(closedInTheUs(year)));
      assert.deepEqual(earlyClosesOf('XCME', year, '12:00'), weekdays(usBankHolidays(year)));
      assert.deepEqual(earlyClosesOf('XCME', year, '12:15'), weekdays(shortInTheUs(year)));
    });

    it('have the bank holidays of England, and the half days before Christmas and New Year', () => {
      const [newYear, christmas] = [on(year, 1, 1), on(year, 12, 25)];
      const substitutes: Record<number, number[]> = { [FRI]: [0, 3], [SAT]: [2, 3], [SUN]: [2, 1] };
      const holidays = [
        plus(newYear, newYear.dayOfWeek === SAT ? 2 : newYear.dayOfWeek === SUN ? 1 : 0),
        ...[plus(easter(year), -2), plus(easter(year), 1)],
        ...[nth(year, 5, MON, 1), nth(year, 5, MON, -1), nth(year, 8, MON, -1)],
        ...(substitutes[christmas.dayOfWeek] ?? [0, 1]).map((days) => plus(christmas, days)),
      ];

      assert.deepEqual(holidaysOf('XLON', year), weekdays(holidays));
      assert.deepEqual(
        earlyClosesOf('XLON', year, '12:30'),
        weekdays([previousWeekday(on(year, 12, 24)), previousWeekday(on(year, 12, 31))]),
      );
    });

    it('have the eight days on which Xetra is closed, and its short last day', () => {
      const fixed = [on(year, 1, 1), on(year, 5, 1), ...[24, 25, 26, 31].map((day) => on(year, 12, day))];

      assert.deepEqual(holidaysOf('XETR', year), weekdays([...fixed, plus(easter(year), -2), plus(easter(year), 1)]));
      assert.deepEqual(earlyClosesOf('XETR', year, '14:00'), weekdays([previousWeekday(on(year, 12, 30))]));
    });

    it('have the national holidays of Japan with their substitutes, and the turn of the year', () => {
      const national = japaneseHolidays(year);
      const market = [on(year, 1, 2), on(year, 1, 3), on(year, 12, 31)];

      assert.deepEqual(holidaysOf('XTKS', year), [
        ...new Set(weekdays([...national, ...substitutesOf(national), ...betweenTwo(national), ...market])),
      ]);
    });
  });

/** The days of the equinoxes by the formula of the Maritime Safety Agency for 1980 to 2099. */
const equinox = (year: number, base: number) =>
  Math.floor(base + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4));

const japaneseHolidays = (year: number): Day[] => [
  ...[on(year, 1, 1), nth(year, 1, MON, 2), on(year, 2, 11), on(year, 2, 23), on(year, 3, equinox(year, 20.8431))],
  ...[on(year, 4, 29), on(year, 5, 3), on(year, 5, 4), on(year, 5, 5), nth(year, 7, MON, 3), on(year, 8, 11)],
  ...[
    nth(year, 9, MON, 3),
    on(year, 9, equinox(year, 23.2488)),
    nth(year, 10, MON, 2),
    on(year, 11, 3),
    on(year, 11, 23),
  ],
];

/** A holiday on a Sunday is kept on the next day that is none. */
const substitutesOf = (holidays: readonly Day[]): Day[] =>
  holidays.filter(({ dayOfWeek }) => dayOfWeek === SUN).map((day) => nextThatIsNone(plus(day, 1), holidays));
const nextThatIsNone = (day: Day, holidays: readonly Day[]): Day =>
  isAmong(day, holidays) ? nextThatIsNone(plus(day, 1), holidays) : day;
const betweenTwo = (holidays: readonly Day[]): Day[] =>
  holidays
    .map((day) => plus(day, 1))
    .filter((day) => !isAmong(day, holidays) && isAmong(plus(day, 1), holidays) && day.dayOfWeek !== SUN);
const isAmong = (day: Day, holidays: readonly Day[]): boolean => holidays.some((each) => each.equals(day));
