import type { Journal } from './journal.ts';

/** One history event; `details` is the JSON of its `...EventDetails`. */
export interface EventRow {
  readonly id: number;
  readonly previous: number;
  /** ms since the epoch */
  readonly at: number;
  readonly type: string;
  readonly details: string;
}

export function insertEvent(journal: Journal, execution: number, { id, previous, at, type, details }: EventRow): void {
  journal.run('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)', execution, id, previous, at, type, details);
}

/** Id of the newest event, 0 when there is none. */
export function newestEvent(journal: Journal, execution: number): number {
  return journal.one<{ id: number | null }>('SELECT max(id) AS id FROM event WHERE execution = ?', execution)?.id ?? 0;
}

/** Page of the history, oldest first. */
export function eventsAfter(journal: Journal, execution: number, after: number, limit: number): EventRow[] {
  const sql = 'SELECT * FROM event WHERE execution = ? AND id > ? ORDER BY id LIMIT ?';
  return journal.all<EventRow>(sql, execution, after, limit);
}

/** Page of the history, newest first. */
export function eventsBefore(journal: Journal, execution: number, before: number, limit: number): EventRow[] {
  const sql = 'SELECT * FROM event WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?';
  return journal.all<EventRow>(sql, execution, before, limit);
}
