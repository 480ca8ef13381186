import * as z from 'zod';
import { earliestMoment } from '../market/earliest-moment.ts';
import { isZone } from '../market/is-zone.ts';
import { clocksOf, plusDays } from '../market/zoned-time.ts';
import { Refusal } from '../refusal.ts';

const MAX_DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;
/** Today, tomorrow, and the day after where clocks skip the time of tomorrow. */
const DAYS_TO_TRY = [0, 1, 2];

/** When a stop is to begin, on the clocks of a time zone: the next such time, or on a date. */
export const HaltTime = z.object({
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM, e.g. 16:35'),
  timeZone: z.string().max(60).refine(isZone, 'an IANA time zone, e.g. Europe/London; an offset knows no summer time'),
  on: z.iso.date('a date, YYYY-MM-DD, that exists').optional(),
});
export type HaltTime = z.infer<typeof HaltTime>;

/** A moment that somebody asked for; `note` says where the clocks do not show the time, or show it twice. */
export type HaltMoment = { readonly at: Date; readonly asked: string; readonly note?: string };

/**
 * The moment that a person means. A time that the clocks skip that day, or show twice, is the earlier moment: trading stops sooner rather
 * than later. Refuses (InvalidRequest) what is over, and what is more than seven days ahead.
 */
export function whenToHalt({ at, timeZone, on }: HaltTime, now: Date): HaltMoment | Refusal {
  const today = clocksOf(timeZone, now).date;
  const dates = on === undefined ? DAYS_TO_TRY.map((days) => plusDays(today, days)) : [on];
  const moments = dates.map((date) => ({ date, ...earliestMoment(timeZone, date, at) }));
  const next = moments.find((each) => each.at > now);
  if (!next) return tooEarly(`${on} ${at} ${timeZone}`, now);
  const asked = `${next.date} ${at} ${timeZone}`;
  if (next.at.getTime() - now.getTime() > MAX_DAYS_AHEAD * DAY_MS) return tooFar(asked);
  const clocks = clocksOf(timeZone, next.at);
  const notes = {
    once: undefined,
    twice: `clocks show ${at} twice on ${next.date}: the first of the two is taken`,
    never: `clocks skip ${at} on ${next.date}: it stops when they show ${clocks.time}, which is sooner`,
  };
  const note = notes[next.shown];
  return { at: next.at, asked, ...(note !== undefined && { note }) };
}

const tooEarly = (asked: string, now: Date) =>
  new Refusal('InvalidRequest', `on: ${asked} is over`, 'give a date to come, or none for the next such time', {
    field: 'on',
    now: now.toISOString(),
  });

const tooFar = (asked: string) =>
  new Refusal(
    'InvalidRequest',
    `on: ${asked} is more than ${MAX_DAYS_AHEAD} days ahead`,
    'schedule it when it is nearer',
    { field: 'on', maxDays: MAX_DAYS_AHEAD },
  );
