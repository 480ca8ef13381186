import type { StoredCalendar, VenueCalendar } from '../../domain/market/calendar.ts';
import { standingHalts, type VenueHalts } from '../../domain/market/halt.ts';
import { localTime } from '../../domain/market/local-time.ts';
import { nextClose, nextOpen, sessionsBetween } from '../../domain/market/opening-hours.ts';
import { venueState } from '../../domain/market/venue-state.ts';

const DAY_MS = 86_400_000;
const [SESSION_DAYS, COMING_DAYS] = [7, 60];

/** A moment in UTC and on the clocks of the venue. */
const moment = (calendar: VenueCalendar, at: Date) => ({ utc: at.toISOString(), local: localTime(calendar, at) });

/** A venue in a line: open, closed, halted (which says more than either), or unknown beyond its calendar; with what comes next, and the halts that stand. */
export function venueView({ calendar, digest }: StoredCalendar, halted: VenueHalts | undefined, now: Date) {
  const { mic, name, timeZone, covers } = calendar;
  const halts = standingHalts(halted, now);
  const byCalendar = venueState(calendar, now);
  const [opensAt, closesAt] = [nextOpen(calendar, now), nextClose(calendar, now)];
  return {
    ...{ mic, name, timeZone, covers, digest },
    state: halts.some(({ instrument }) => instrument === undefined) ? ('halted' as const) : byCalendar.state,
    ...('closedFor' in byCalendar && byCalendar.closedFor !== undefined && { closedFor: byCalendar.closedFor }),
    ...('tradingDate' in byCalendar && { tradingDate: byCalendar.tradingDate }),
    ...(opensAt && { opensAt: moment(calendar, opensAt) }),
    ...(closesAt && { closesAt: moment(calendar, closesAt) }),
    halts,
  };
}

/** The same with where its dates stand, the sessions of the next seven days, what is out of the ordinary in the next sixty, and the halts that are over. */
export function venueDetails(stored: StoredCalendar, halted: VenueHalts | undefined, now: Date) {
  const { calendar } = stored;
  const standing = standingHalts(halted, now);
  const [today, until] = [now, new Date(now.getTime() + COMING_DAYS * DAY_MS)].map((at) =>
    localTime(calendar, at).slice(0, 10),
  );
  const isComing = ({ date }: { readonly date?: string | undefined }) =>
    date === undefined || (String(today) <= date && date <= String(until));
  const sessions = sessionsBetween(calendar, now, new Date(now.getTime() + SESSION_DAYS * DAY_MS));
  return {
    ...venueView(stored, halted, now),
    sources: calendar.sources,
    sessions: sessions.map(({ tradingDate, opensAt, closesAt }) => ({
      tradingDate,
      opensAt: moment(calendar, opensAt),
      closesAt: moment(calendar, closesAt),
    })),
    holidays: calendar.holidays.filter(isComing),
    earlyCloses: calendar.earlyCloses.filter(isComing),
    maintenance: calendar.maintenance.filter(isComing),
    noCancel: calendar.noCancel,
    pastHalts: (halted?.halts ?? []).filter((halt) => !standing.some(({ id }) => id === halt.id)),
  };
}
