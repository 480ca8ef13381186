import type { Maintenance, RegularSession, VenueCalendar } from './calendar.ts';
import { momentOf, plusDays, weekdayOf } from './zoned-time.ts';

/** A stretch of trading, [opensAt, closesAt): the moment it closes is no longer in it. */
export type Session = { readonly tradingDate: string; readonly opensAt: Date; readonly closesAt: Date };

type Stretch = { readonly opensAt: number; readonly closesAt: number };

/** The sessions of one trading date in order, cut by an early close and by maintenance; none on holidays and outside of what the calendar covers. */
export function sessionsOn(calendar: VenueCalendar, tradingDate: string): Session[] {
  const { covers, holidays } = calendar;
  if (tradingDate < covers.from || tradingDate > covers.to) return [];
  if (holidays.some(({ date }) => date === tradingDate)) return [];
  const regular = calendar.sessions.filter(({ days }) => days.includes(weekdayOf(tradingDate)));
  const stretches = regular.flatMap((session) => stretchOf(calendar, session, tradingDate));
  return windowsAround(calendar, tradingDate)
    .reduce(withoutWindow, stretches)
    .toSorted((a, b) => a.opensAt - b.opensAt)
    .map(({ opensAt, closesAt }) => ({ tradingDate, opensAt: new Date(opensAt), closesAt: new Date(closesAt) }));
}

function stretchOf(calendar: VenueCalendar, session: RegularSession, date: string): Stretch[] {
  const openingDay = session.opensDayBefore ? plusDays(date, -1) : date;
  const opensAt = momentOf(calendar.timeZone, openingDay, session.open).getTime();
  const early = calendar.earlyCloses.find((each) => each.date === date);
  const regular = momentOf(calendar.timeZone, date, session.close).getTime();
  const closesAt = early ? Math.min(regular, momentOf(calendar.timeZone, date, early.close).getTime()) : regular;
  return opensAt < closesAt ? [{ opensAt, closesAt }] : [];
}

/** Maintenance of the day before, where a session may begin, and of the day itself. */
function windowsAround(calendar: VenueCalendar, date: string): Stretch[] {
  const on = (day: string) =>
    calendar.maintenance
      .filter((window) => isOn(window, day))
      .map(({ from, to }) => ({
        opensAt: momentOf(calendar.timeZone, day, from).getTime(),
        closesAt: momentOf(calendar.timeZone, day, to).getTime(),
      }));
  return [...on(plusDays(date, -1)), ...on(date)];
}

/** Whether a window of maintenance falls on a day. */
export const isOn = ({ days, date }: Maintenance, day: string): boolean =>
  date === day || (days?.includes(weekdayOf(day)) ?? false);

/** What is left of the stretches beside a window. */
const withoutWindow = (stretches: readonly Stretch[], window: Stretch): Stretch[] =>
  stretches.flatMap(({ opensAt, closesAt }) =>
    [
      { opensAt, closesAt: Math.min(closesAt, window.opensAt) },
      { opensAt: Math.max(opensAt, window.closesAt), closesAt },
    ].filter((left) => left.opensAt < left.closesAt),
  );
