import type { VenueCalendar } from '../../domain/market/calendar.ts';
import { localTime } from '../../domain/market/local-time.ts';
import type { PlannedHalt, PlannedHalts } from '../../domain/planned-halt/planned-halt.ts';

type Place = { readonly venue: string; readonly calendar: VenueCalendar | undefined };

/** The planned halts of one strategy: what is to come or under way first, the next one on top; then what is over, the last one on top. Moments in UTC and on the clocks of its primary venue. */
export function calendarView({ id, halts }: PlannedHalts, place: Place) {
  const ahead = halts.filter(isAhead).toSorted((a, b) => a.at.localeCompare(b.at));
  const over = halts.filter((halt) => !isAhead(halt)).toSorted((a, b) => b.at.localeCompare(a.at));
  return [...ahead, ...over].map(({ at, until, ...halt }) => ({
    strategy: id,
    venue: place.venue,
    ...halt,
    at: moment(at, place),
    ...(until !== undefined && { until: moment(until, place) }),
  }));
}

const isAhead = ({ status }: PlannedHalt): boolean => status === 'scheduled' || status === 'under-way';

const moment = (at: string, { calendar }: Place) => ({
  utc: at,
  ...(calendar && { local: localTime(calendar, new Date(at)) }),
});
