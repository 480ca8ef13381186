import { type RegularSession, VenueCalendar, WEEKDAYS, type Weekday } from './calendar.ts';
import { isZone } from './is-zone.ts';
import { weekdayOf } from './zoned-time.ts';

type Problem = { readonly path: (string | number)[]; readonly message: string };

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** A calendar that makes sense: refused are unknown zones, sessions that overlap, dates that repeat or lie where nothing is traded, early closes outside of their session, and no-cancel windows that end before they begin or lie on days without a session. */
export const CheckedCalendar = VenueCalendar.transform((calendar, context) => {
  const problems = [
    ...zoneProblems(calendar),
    ...coverProblems(calendar),
    ...sessionProblems(calendar),
    ...holidayProblems(calendar),
    ...earlyCloseProblems(calendar),
    ...maintenanceProblems(calendar),
    ...noCancelProblems(calendar),
  ];
  for (const problem of problems) context.addIssue({ code: 'custom', ...problem });
  return calendar;
});

function zoneProblems({ timeZone }: VenueCalendar): Problem[] {
  if (isZone(timeZone)) return [];
  return [{ path: ['timeZone'], message: `${timeZone} is no IANA time zone` }];
}

function coverProblems({ covers }: VenueCalendar): Problem[] {
  if (covers.from <= covers.to) return [];
  return [{ path: ['covers', 'to'], message: `ends at ${covers.to}, before it begins at ${covers.from}` }];
}

/** Minutes from the midnight that begins the trading date: negative in the evening before. */
const openMinute = ({ open, opensDayBefore }: RegularSession): number =>
  minuteOf(open) - (opensDayBefore ? DAY_MINUTES : 0);

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function sessionProblems({ sessions }: VenueCalendar): Problem[] {
  const backwards = sessions.flatMap((session, at): Problem[] => {
    const length = minuteOf(session.close) - openMinute(session);
    if (length > 0 && length <= DAY_MINUTES) return [];
    return [
      { path: ['sessions', at], message: `${session.open} to ${session.close} is not up to 24 hours of trading` },
    ];
  });
  return backwards.length > 0 ? backwards : overlaps(sessions);
}

/** The week is a ring: Friday's session may run into Saturday, and Monday's begin on Sunday. */
function overlaps(sessions: readonly RegularSession[]): Problem[] {
  const spans = sessions
    .flatMap((session, at) => session.days.map((day) => spanOf(session, day, at)))
    .toSorted((a, b) => a.from - b.from);
  const ring = [...spans, ...spans.map((span) => ({ ...span, from: span.from + WEEK_MINUTES }))];
  return spans.flatMap(({ day, to }, index) =>
    ring
      .slice(index + 1, index + 2)
      .filter((next) => next.from < to)
      .map((next): Problem => {
        const message = `overlaps another session of ${day} or the day after`;
        return { path: ['sessions', next.at], message };
      }),
  );
}

const spanOf = (session: RegularSession, day: Weekday, at: number) => {
  const midnight = WEEKDAYS.indexOf(day) * DAY_MINUTES;
  return { at, day, from: midnight + openMinute(session), to: midnight + minuteOf(session.close) };
};

function holidayProblems(calendar: VenueCalendar): Problem[] {
  return calendar.holidays.flatMap(({ date }, at) =>
    dateProblems(calendar, calendar.holidays, date, at).map((message) => ({ path: ['holidays', at, 'date'], message })),
  );
}

function dateProblems(
  { covers, sessions }: VenueCalendar,
  all: readonly { readonly date: string }[],
  date: string,
  at: number,
): string[] {
  const weekday = weekdayOf(date);
  return [
    ...(all.findIndex((each) => each.date === date) < at ? [`${date} stands there twice`] : []),
    ...(date < covers.from || date > covers.to ? [`${date} is outside of ${covers.from} to ${covers.to}`] : []),
    ...(sessions.some(({ days }) => days.includes(weekday)) ? [] : [`${date} is a ${weekday}: nothing is traded then`]),
  ];
}

function earlyCloseProblems(calendar: VenueCalendar): Problem[] {
  return calendar.earlyCloses.flatMap(({ date, close }, at): Problem[] => {
    const wrong = dateProblems(calendar, calendar.earlyCloses, date, at);
    const holiday = calendar.holidays.some((each) => each.date === date) ? [`${date} is a holiday`] : [];
    const messages = [...wrong, ...holiday];
    if (messages.length > 0) return messages.map((message) => ({ path: ['earlyCloses', at, 'date'], message }));
    return closesWithin(calendar, date, close)
      ? []
      : [{ path: ['earlyCloses', at, 'close'], message: `${close} is not within the trading hours of ${date}` }];
  });
}

function closesWithin({ sessions }: VenueCalendar, date: string, close: string): boolean {
  const weekday = weekdayOf(date);
  const ofDay = sessions.filter(({ days }) => days.includes(weekday));
  const first = Math.min(...ofDay.map(openMinute));
  const last = Math.max(...ofDay.map((session) => minuteOf(session.close)));
  return first < minuteOf(close) && minuteOf(close) < last;
}

function maintenanceProblems({ maintenance }: VenueCalendar): Problem[] {
  return maintenance.flatMap(({ days, date, from, to }, at): Problem[] => [
    ...((days === undefined) === (date === undefined)
      ? [{ path: ['maintenance', at], message: 'is either on days, every week, or once on a date' }]
      : []),
    ...(from < to ? [] : [{ path: ['maintenance', at, 'to'], message: `${to} is not after ${from}` }]),
  ]);
}

function noCancelProblems({ noCancel, sessions }: VenueCalendar): Problem[] {
  return noCancel.flatMap(({ days, from, to }, at): Problem[] => [
    ...(from < to ? [] : [{ path: ['noCancel', at, 'to'], message: `${to} is not after ${from}` }]),
    ...days
      .filter((day) => !sessions.some((session) => session.days.includes(day)))
      .map((day) => ({ path: ['noCancel', at, 'days'], message: `nothing is traded on ${day}` })),
  ]);
}
