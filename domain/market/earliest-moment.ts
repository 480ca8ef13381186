import { create, toZonedDateTime } from 'temporal-polyfill/fns/PlainDateTime';

/** A moment that clocks show once, twice (they are set back over it), or never (they are set forward over it). */
export type EarliestMoment = { readonly at: Date; readonly shown: 'once' | 'twice' | 'never' };

/**
 * The moment at which the clocks of a zone show a date and a time (HH:MM). Where they show it twice it is the first of the two, and where they
 * skip it, the moment an hour or so before: whatever is to end then rather ends sooner than later. Throws a RangeError for a zone that is none.
 */
export function earliestMoment(timeZone: string, date: string, time: string): EarliestMoment {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const local = create(year, month, day, hour, minute);
  const first = toZonedDateTime(local, timeZone, { disambiguation: 'earlier' });
  const last = toZonedDateTime(local, timeZone, { disambiguation: 'later' });
  const at = new Date(first.epochMilliseconds);
  if (first.epochMilliseconds === last.epochMilliseconds) return { at, shown: 'once' };
  return { at, shown: first.hour === hour && first.minute === minute && first.day === day ? 'twice' : 'never' };
}
