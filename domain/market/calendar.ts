import * as z from 'zod';
import { Digest } from '../ids.ts';

/** A market by its identifier code (ISO 10383), e.g. XNYS; venues without one take four letters that nobody has. */
export const Mic = z.string().regex(/^[A-Z0-9]{4}$/, 'a MIC is four capital letters or digits (ISO 10383)');
export type Mic = z.infer<typeof Mic>;

export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
export const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

const CalendarDate = z.iso.date('a date is YYYY-MM-DD, and exists');
const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM');
/** 24:00 is the end of the day, which no other time of it can say. */
const EndTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day is HH:MM, up to 24:00');
const Days = z.array(Weekday).min(1).max(7);
const Name = z.string().min(1).max(120);

/**
 * Hours of trading in the venue's own time: `days` are trading dates. One that `opensDayBefore` begins in the evening before
 * its date, as those of CME Globex do. Several a day leave the breaks between them.
 */
export const RegularSession = z.strictObject({
  days: Days,
  open: Time,
  opensDayBefore: z.literal(true).optional(),
  close: EndTime,
});
export type RegularSession = z.infer<typeof RegularSession>;

/** No trading, every week on `days` or once on `date`, from a time to a later time of the same day. */
export const Maintenance = z.strictObject({
  days: Days.optional(),
  date: CalendarDate.optional(),
  from: Time,
  to: EndTime,
  name: Name,
});
export type Maintenance = z.infer<typeof Maintenance>;

/** A stretch of each of those days in which the venue takes no cancels, as in a closing auction: from a time to a later time of the same day. */
export const NoCancelWindow = z.strictObject({ days: Days, from: Time, to: EndTime, name: Name });
export type NoCancelWindow = z.infer<typeof NoCancelWindow>;

/** When a venue trades: `config/venues/<mic>.yaml` (runbook 1.3). Its shape; `checked-calendar.ts` says whether it makes sense. */
export const VenueCalendar = z.strictObject({
  mic: Mic,
  name: Name,
  /** An IANA time zone, e.g. America/New_York. Every date and time of the file is in it. */
  timeZone: z.string().min(1).max(60),
  /** The first and last date that the file says anything about. Beyond it the venue is never open. */
  covers: z.strictObject({ from: CalendarDate, to: CalendarDate }),
  /** Where the dates stand, and for which years they are published or follow the venue's rule. */
  sources: z
    .array(
      z.strictObject({
        years: Name,
        basis: z.enum(['published', 'rule', 'made-up']),
        from: z.string().min(1).max(300),
      }),
    )
    .min(1),
  sessions: z.array(RegularSession).min(1).max(20),
  /** Trading dates without a session. */
  holidays: z
    .array(z.strictObject({ date: CalendarDate, name: Name }))
    .max(1000)
    .default([]),
  /** Trading dates that end at `close`: what runs then is cut, what would begin later falls away. */
  earlyCloses: z
    .array(z.strictObject({ date: CalendarDate, close: Time, name: Name }))
    .max(1000)
    .default([]),
  maintenance: z.array(Maintenance).max(200).default([]),
  /** When an order cannot be taken back, as the venue publishes it. A cancel is sent all the same, and the drain says what to expect. */
  noCancel: z.array(NoCancelWindow).max(50).default([]),
});
export type VenueCalendar = z.infer<typeof VenueCalendar>;

/** A calendar as it is stored, with the digest of its content: what a launch was judged on can be found again. */
export const StoredCalendar = z.object({ id: Mic, digest: Digest, calendar: VenueCalendar });
export type StoredCalendar = z.infer<typeof StoredCalendar>;
