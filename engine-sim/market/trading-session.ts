import * as z from 'zod';

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM');

/** When a venue trades, in its own time zone. A session may not cross midnight. */
export const TradingSession = z
  .strictObject({ timeZone: z.string(), days: z.array(z.enum(DAYS)).min(1), open: clockTime, close: clockTime })
  .refine(({ open, close }) => open < close, 'a session opens before it closes');
export type TradingSession = z.infer<typeof TradingSession>;

/** Whether the venue trades at that moment. No session means always open. */
export function isOpen(session: TradingSession | undefined, at: number): boolean {
  if (!session) return true;
  const { day, time } = localTime(session.timeZone, at);
  return session.days.some((each) => each === day) && session.open <= time && time < session.close;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(timeZone: string, at: number): { day: string; time: string } {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: (parts.get('weekday') ?? '').toUpperCase(), time: `${parts.get('hour')}:${parts.get('minute')}` };
}
