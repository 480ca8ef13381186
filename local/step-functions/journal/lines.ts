import type { Journal } from './journal.ts';

/** Where a line of control stands, as stored. */
export interface LineRow {
  readonly path: string;
  readonly cursor: string;
  readonly variables: string;
}

/** Stores the cursor; `variables` only when they changed or the line is new. */
export function saveLine(journal: Journal, execution: number, path: string, cursor: string, variables?: string): void {
  if (variables === undefined) {
    journal.run('UPDATE line SET cursor = ? WHERE execution = ? AND path = ?', cursor, execution, path);
    return;
  }
  journal.run('INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?)', execution, path, cursor, variables);
}

export function linesOf(journal: Journal, execution: number): LineRow[] {
  return journal.all<LineRow>('SELECT path, cursor, variables FROM line WHERE execution = ?', execution);
}

/** Forgets the lines inside `path` (paths of inner lines begin with it and a slash). */
export function deleteInnerLines(journal: Journal, execution: number, path: string): void {
  journal.run('DELETE FROM line WHERE execution = ? AND path > ? AND path < ?', execution, `${path}/`, `${path}0`);
}

export function deleteLines(journal: Journal, execution: number): void {
  journal.run('DELETE FROM line WHERE execution = ?', execution);
}
