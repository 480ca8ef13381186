import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

const Moment = z.iso.datetime({ offset: true });

/**
 * Parses a moment that somebody typed, e.g. `2026-11-24T12:00:00Z` or `2026-11-24 13:00:00+01:00`, into UTC. Refuses one
 * without a zone: it would be another moment on another machine.
 */
export function moment(text: string): string {
  const { success, data = '' } = Moment.safeParse(text.trim().replace(/^(\S+) (\S+)$/, '$1T$2'));
  if (success) return new Date(data).toISOString();
  throw new InvalidArgumentError(
    'a time needs a date, a time of day with seconds, and a zone: 2026-11-24T12:00:00Z, or 2026-11-24T13:00:00+01:00.',
  );
}
