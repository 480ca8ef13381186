import type { VenueCalendar } from './calendar.ts';
import { clocksOf } from './zoned-time.ts';

/** A moment as people at the venue read their clocks, e.g. `2026-11-27 09:30 -05:00 America/New_York`. */
export function localTime({ timeZone }: Pick<VenueCalendar, 'timeZone'>, at: Date): string {
  const { date, time, offset } = clocksOf(timeZone, at);
  return `${date} ${time} ${offset} ${timeZone}`;
}
