import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant';
import { create, toZonedDateTime } from 'temporal-polyfill/fns/PlainDateTime';
import { offset } from 'temporal-polyfill/fns/ZonedDateTime';
import { WEEKDAYS, Weekday } from './calendar.ts';

const DAY_MS = 86_400_000;
const two = (value: number): string => String(value).padStart(2, '0');

/** What the clocks of a zone show: a date, a time to the minute, and the offset from UTC. */
export type LocalTime = { readonly date: string; readonly time: string; readonly offset: string };

/** The clocks of a zone at a moment. Throws a RangeError for a zone that is none. */
export function clocksOf(timeZone: string, at: Date): LocalTime {
  const local = toZonedDateTimeISO(fromEpochMilliseconds(at.getTime()), timeZone);
  const date = `${String(local.year).padStart(4, '0')}-${two(local.month)}-${two(local.day)}`;
  return { date, time: `${two(local.hour)}:${two(local.minute)}`, offset: offset(local) };
}

/** The moment at which the clocks of a zone show a date and a time, up to 24:00. A time that a change of the clocks skips is an hour later, one that it repeats is the first of the two. */
export function momentOf(timeZone: string, date: string, time: string): Date {
  const day = new Date(`${time === '24:00' ? plusDays(date, 1) : date}T${time === '24:00' ? '00:00' : time}:00Z`);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + 1];
  const local = create(year, month, day.getUTCDate(), day.getUTCHours(), day.getUTCMinutes());
  return new Date(toZonedDateTime(local, timeZone).epochMilliseconds);
}

/** A date so many days later. */
export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

/** How many days later the second date is. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** The weekday of a date. */
export const weekdayOf = (date: string): Weekday => Weekday.parse(WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7]);
