import type { NoCancelWindow, VenueCalendar } from './calendar.ts';
import { clocksOf, momentOf, weekdayOf } from './zoned-time.ts';

/** A stretch of a day, [from, to), in which a venue takes no cancels. */
export type NoCancel = { readonly name: string; readonly from: Date; readonly to: Date };

/**
 * The window that runs at a moment, or else the next one of that day, on the clocks of the venue; nothing where there is none any more, or on a
 * holiday. On a day that ends early it is as much earlier as the close is.
 */
export function noCancelAhead(calendar: VenueCalendar, at: Date): NoCancel | undefined {
  const { date } = clocksOf(calendar.timeZone, at);
  if (calendar.holidays.some((holiday) => holiday.date === date)) return undefined;
  const sooner = soonerBy(calendar, date);
  const ofDay = calendar.noCancel
    .filter(({ days }) => days.includes(weekdayOf(date)))
    .map((window) => momentsOf(calendar, window, { date, sooner }));
  return ofDay.toSorted((a, b) => a.from.getTime() - b.from.getTime()).find(({ to }) => at < to);
}

/** How many milliseconds before its last regular close the venue closes on a date. */
function soonerBy({ timeZone, sessions, earlyCloses }: VenueCalendar, date: string): number {
  const early = earlyCloses.find((each) => each.date === date);
  if (!early) return 0;
  const closes = sessions.filter(({ days }) => days.includes(weekdayOf(date))).map(({ close }) => close);
  const regular = closes.map((close) => momentOf(timeZone, date, close).getTime());
  return Math.max(...regular) - momentOf(timeZone, date, early.close).getTime();
}

function momentsOf(
  { timeZone }: VenueCalendar,
  { name, from, to }: NoCancelWindow,
  { date, sooner }: { readonly date: string; readonly sooner: number },
): NoCancel {
  const moment = (time: string) => new Date(momentOf(timeZone, date, time).getTime() - sooner);
  return { name, from: moment(from), to: moment(to) };
}
