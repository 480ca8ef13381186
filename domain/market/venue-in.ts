import type { ControlRecords } from '../ports/strategies.ts';
import { Refusal } from '../refusal.ts';
import { Mic, type StoredCalendar } from './calendar.ts';

/** The calendar of a venue by the code that somebody gave. Throws UnknownVenue for one that the deployed configuration does not know. */
export async function venueIn(
  mic: string,
  { records }: { records: Pick<ControlRecords, 'get'> },
): Promise<StoredCalendar> {
  const code = Mic.safeParse(mic).data;
  const stored = code && (await records.get('CALENDAR', code));
  if (stored) return stored;
  throw new Refusal('UnknownVenue', `there is no venue ${mic.slice(0, 20)}`, 'look at the list of venues', {
    mic: mic.slice(0, 20),
  });
}
