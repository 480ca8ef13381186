import type { VenueCalendar } from './calendar.ts';
import { covers, nextClose, nextOpen, sessionAt } from './opening-hours.ts';
import { isOn } from './sessions.ts';
import { clocksOf } from './zoned-time.ts';

/** Where a venue stands by its calendar. `unknown` is beyond what the calendar covers: never open. */
export type VenueState =
  | { readonly state: 'open'; readonly tradingDate: string; readonly closesAt?: Date | undefined }
  | { readonly state: 'closed'; readonly closedFor?: string | undefined; readonly opensAt?: Date | undefined }
  | { readonly state: 'unknown' };

/** What the calendar alone says of a moment; halts come on top. `closedFor` names the holiday, early close or maintenance that is to blame. */
export function venueState(calendar: VenueCalendar, at: Date): VenueState {
  if (!covers(calendar, at)) return { state: 'unknown' };
  const session = sessionAt(calendar, at);
  if (session) return { state: 'open', tradingDate: session.tradingDate, closesAt: nextClose(calendar, at) };
  return { state: 'closed', closedFor: closedFor(calendar, at), opensAt: nextOpen(calendar, at) };
}

function closedFor({ timeZone, holidays, earlyCloses, maintenance }: VenueCalendar, at: Date): string | undefined {
  const { date, time } = clocksOf(timeZone, at);
  const holiday = holidays.find((each) => each.date === date);
  const early = earlyCloses.find((each) => each.date === date && each.close <= time);
  const window = maintenance.find((each) => isOn(each, date) && each.from <= time && time < each.to);
  return (holiday ?? early ?? window)?.name;
}
