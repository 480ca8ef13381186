import type { Journal } from './journal.ts';

/** A status change that the host has not confirmed yet. */
export interface OutboxRow {
  readonly sequence: number;
  readonly execution: number;
  readonly event: string;
}

export function enqueueStatus(journal: Journal, execution: number, event: string): void {
  journal.run('INSERT INTO outbox (execution, event) VALUES (?, ?)', execution, event);
}

export function statusesAfter(journal: Journal, sequence: number): OutboxRow[] {
  return journal.all<OutboxRow>('SELECT * FROM outbox WHERE sequence > ? ORDER BY sequence', sequence);
}

export function dequeueStatus(journal: Journal, sequence: number): void {
  journal.run('DELETE FROM outbox WHERE sequence = ?', sequence);
}
