import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCalendar } from '../../adapters/yaml/read-calendar.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import type { StoredCalendar, VenueCalendar } from '../../domain/market/calendar.ts';

const folder = resolve(import.meta.dirname, '../../config/venues');

/** The calendars that ship with the product, by their code. */
export const shippedCalendars: ReadonlyMap<string, VenueCalendar> = new Map(
  readdirSync(folder).map((file) => {
    const calendar = readCalendar(readFileSync(join(folder, file), 'utf8'), file);
    return [calendar.mic, calendar];
  }),
);

/** One of them. Throws for a venue that has none. */
export function shippedCalendar(mic: string): VenueCalendar {
  const calendar = shippedCalendars.get(mic);
  if (!calendar) throw new Error(`config/venues has no calendar of ${mic}`);
  return calendar;
}

/** A calendar as registration stores it. */
export const storedCalendar = (calendar: VenueCalendar): StoredCalendar => ({
  id: calendar.mic,
  digest: digestOf(calendar),
  calendar,
});
