import type { Journal } from './journal.ts';

/** A task token: stored before the task is called, so that a callback finds it whatever crashes in between. */
export interface TokenRow {
  readonly token: string;
  readonly execution: number;
  readonly open: 0 | 1;
  /** When the worker was last heard, ms since the epoch. */
  readonly heartbeat: number;
  /** JSON of the callback, stored before it is delivered. */
  readonly result: string | null;
}

export function insertToken(journal: Journal, token: string, execution: number, at: number): void {
  journal.run('INSERT INTO token VALUES (?, ?, 1, ?, NULL)', token, execution, at);
}

export function findToken(journal: Journal, token: string): TokenRow | undefined {
  return journal.one<TokenRow>('SELECT * FROM token WHERE token = ?', token);
}

export function storeCallback(journal: Journal, token: string, result: string): void {
  journal.run('UPDATE token SET result = ? WHERE token = ?', result, token);
}

export function storeHeartbeat(journal: Journal, token: string, at: number): void {
  journal.run('UPDATE token SET heartbeat = ? WHERE token = ?', at, token);
}

export function closeToken(journal: Journal, token: string): void {
  journal.run('UPDATE token SET open = 0, result = NULL WHERE token = ?', token);
}

export function closeTokensOf(journal: Journal, execution: number): void {
  journal.run('UPDATE token SET open = 0, result = NULL WHERE execution = ? AND open = 1', execution);
}
