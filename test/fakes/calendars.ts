import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readCalendar } from '../../adapters/yaml/read-calendar.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import type { StoredCalendar, VenueCalendar } from '../../domain/market/calendar.ts';

const folder = resolve(import.meta.dirname, '../../config/venues');

const read = new Map<string, VenueCalendar>();

/** One of the calendars that ship with the product, by its code. Each is read once, and only when it is asked for: every world has one. Throws for a venue that has none. */
export function shippedCalendar(mic: string): VenueCalendar {
  const file = `${mic.toLowerCase()}.yaml`;
  const calendar = read.get(mic) ?? readCalendar(readFileSync(join(folder, file), 'utf8'), file);
  read.set(mic, calendar);
  return calendar;
}

/** All of them. */
export const shippedCalendars = (): VenueCalendar[] =>
  readdirSync(folder).map((file) => shippedCalendar(basename(file, '.yaml').toUpperCase()));

/** A calendar as registration stores it. */
export const storedCalendar = (calendar: VenueCalendar): StoredCalendar => ({
  id: calendar.mic,
  digest: digestOf(calendar),
  calendar,
});
