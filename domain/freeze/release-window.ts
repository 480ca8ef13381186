import * as z from 'zod';

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM');

const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

/** When strategies may be launched, in a time zone of people: on these days, from (inclusive) to (exclusive). A window ends on the day that it begins. */
export const ReleaseWindow = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, 'a time zone like Europe/London'),
    days: z.array(z.enum(DAYS)).min(1),
    from: Time,
    to: Time,
  })
  .refine(({ from, to }) => from < to, 'the window ends before it begins: from has to be earlier than to');
export type ReleaseWindow = z.infer<typeof ReleaseWindow>;

/** Whether the window is open at this moment, and what people in its time zone call that moment. */
export function windowAt(
  { timeZone, days, from, to }: ReleaseWindow,
  now: Date,
): { readonly open: boolean; readonly local: string } {
  const told = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  } as const).formatToParts(now);
  const { weekday, hour, minute } = Object.fromEntries(told.map(({ type, value }) => [type, value]));
  const day = String(weekday).toUpperCase();
  const time = `${hour}:${minute}`;
  const open = days.some((each) => each === day) && from <= time && time < to;
  return { open, local: `${day} ${time} ${timeZone}` };
}

/** The window in words. */
export const windowText = ({ timeZone, days, from, to }: ReleaseWindow): string =>
  `${days.join(', ')} from ${from} to ${to} ${timeZone}`;

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // a RangeError: there is no such zone
  }
}
