import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Database = {
  readonly sqlite: DatabaseSync;
  /** All or nothing, on the disk before it returns. */
  transaction<Result>(work: () => Result): Result;
  /**
   * All or nothing, and kept through kill -9; power loss may take the newest. For what somebody else makes good (a reader opens
   * another session, a target is called once more), so that nobody waits for the disk: this thread answers kills too.
   */
  relaxed<Result>(work: () => Result): Result;
  close(): void;
};

/** A SQLite file that survives kill -9 and power loss (WAL, one fsync per transaction), with its tables. The only place in local/aws that knows node:sqlite's set-up. */
export function openDatabase(path: string, tables: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const sqlite = new DatabaseSync(path);
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;');
  sqlite.exec(tables);
  const transaction = <Result>(work: () => Result): Result => {
    sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK'); // a full disk has undone it already
      throw error;
    }
  };
  return {
    sqlite,
    transaction,
    relaxed(work) {
      sqlite.exec('PRAGMA synchronous = NORMAL');
      try {
        return transaction(work);
      } finally {
        sqlite.exec('PRAGMA synchronous = FULL');
      }
    },
    close: () => sqlite.close(),
  };
}
