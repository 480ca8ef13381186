import type { VenueCalendar } from './calendar.ts';
import { type Session, sessionsOn } from './sessions.ts';
import { clocksOf, daysBetween, momentOf, plusDays } from './zoned-time.ts';

/** How far ahead an opening or a close is looked for: longer than any exchange was ever closed by its calendar. */
const HORIZON_DAYS = 31;

const localDate = ({ timeZone }: VenueCalendar, at: Date): string => clocksOf(timeZone, at).date;

/** Whether the calendar says anything about that moment. Where it does not, nobody may take the venue for open. */
export function covers(calendar: VenueCalendar, at: Date): boolean {
  const date = localDate(calendar, at);
  return calendar.covers.from <= date && date <= calendar.covers.to;
}

/** The session that runs at that moment, by the calendar alone: halts are looked at elsewhere. */
export const sessionAt = (calendar: VenueCalendar, at: Date): Session | undefined =>
  sessionsFrom(calendar, localDate(calendar, at), 2).find(({ opensAt, closesAt }) => opensAt <= at && at < closesAt);

/** Whether the venue trades at that moment by its calendar. Never outside of what the calendar covers. */
export const isOpen = (calendar: VenueCalendar, at: Date): boolean =>
  covers(calendar, at) && sessionAt(calendar, at) !== undefined;

/** The first moment after `at` at which the venue opens, having been closed; nothing where there is none within 31 days of what the calendar covers. */
export const nextOpen = (calendar: VenueCalendar, at: Date): Date | undefined =>
  stretchesFrom(calendar, at).find(({ opensAt }) => opensAt > at)?.opensAt;

/** The first moment after `at` at which the venue closes, having been open; nothing where it stays open for 31 days, or as long as the calendar covers. */
export function nextClose(calendar: VenueCalendar, at: Date): Date | undefined {
  const closesAt = stretchesFrom(calendar, at).find((each) => each.closesAt > at)?.closesAt;
  const horizon = plusDays(localDate(calendar, at), HORIZON_DAYS);
  const last = horizon > calendar.covers.to ? calendar.covers.to : horizon;
  const known = momentOf(calendar.timeZone, last, '24:00');
  return closesAt && closesAt < known ? closesAt : undefined;
}

/** Every session that has a moment in [from, to), in order: at most 800 days of them. Throws a RangeError for more. */
export function sessionsBetween(calendar: VenueCalendar, from: Date, to: Date): Session[] {
  const first = localDate(calendar, from);
  const days = daysBetween(first, localDate(calendar, to));
  if (days > 800) throw new RangeError(`${days} days of sessions; 800 are listed at most`);
  return sessionsFrom(calendar, first, Math.max(days, 0) + 2).filter(
    ({ opensAt, closesAt }) => opensAt < to && from < closesAt,
  );
}

/** The trading date that an order of that moment belongs to: of the session that runs, or of the next one. Nothing beyond what the calendar covers. */
export const tradingDateOf = (calendar: VenueCalendar, at: Date): string | undefined =>
  sessionsFrom(calendar, localDate(calendar, at), HORIZON_DAYS).find(({ closesAt }) => closesAt > at)?.tradingDate;

/** The sessions of the dates around: from the day before `date`, whose session may still run, for so many days more. */
function sessionsFrom(calendar: VenueCalendar, date: string, days: number): Session[] {
  const first = plusDays(date, -1);
  return Array.from({ length: days + 1 }, (_, at) => plusDays(first, at))
    .flatMap((each) => sessionsOn(calendar, each))
    .toSorted((a, b) => a.opensAt.getTime() - b.opensAt.getTime());
}

/** Sessions that touch are one stretch of being open. */
function stretchesFrom(calendar: VenueCalendar, at: Date): { opensAt: Date; closesAt: Date }[] {
  const stretches: { opensAt: Date; closesAt: Date }[] = [];
  for (const { opensAt, closesAt } of sessionsFrom(calendar, localDate(calendar, at), HORIZON_DAYS + 1)) {
    const last = stretches.at(-1);
    if (last && last.closesAt >= opensAt) last.closesAt = closesAt;
    else stretches.push({ opensAt, closesAt });
  }
  return stretches;
}
