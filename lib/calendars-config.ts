import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readCalendar } from '../adapters/yaml/read-calendar.ts';
import { fromRoot } from './from-root.ts';
import type { StrategyConfig } from './strategies-config.ts';

export type CalendarConfig = ReturnType<typeof readCalendar>;

/**
 * The calendars of a folder (`config/venues/*.yaml`), in the order of their codes. Throws with every mistake of a file and its line, and for a
 * venue of a strategy that has no calendar: nobody could tell when it is open, so nothing could ever be launched there.
 */
export function readCalendars(folder: string, strategies: readonly StrategyConfig[]): readonly CalendarConfig[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const calendars = files
    .toSorted()
    .map((file) => readCalendar(readFileSync(join(folder, file), 'utf8'), relative(fromRoot('.'), join(folder, file))));
  requireAll(folder, calendars, strategies);
  return calendars;
}

function requireAll(folder: string, calendars: readonly CalendarConfig[], strategies: readonly StrategyConfig[]): void {
  const missing = strategies.flatMap(({ id, venues }) =>
    venues
      .filter((venue) => !calendars.some(({ mic }) => mic === venue.id))
      .map(
        (venue) =>
          `strategy ${id} trades at ${venue.id}, which has no calendar: add ${join(folder, `${venue.id.toLowerCase()}.yaml`)}`,
      ),
  );
  if (missing.length > 0) throw new Error(missing.join('\n'));
}
