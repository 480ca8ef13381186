import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Database = {
  readonly sqlite: DatabaseSync;
  /** All or nothing, on the disk before it returns. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
};

/** A SQLite file that survives kill -9 and power loss (WAL, one fsync per transaction), with its tables. The only place in local/aws that knows node:sqlite's set-up. */
export function openDatabase(path: string, tables: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const sqlite = new DatabaseSync(path);
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;');
  sqlite.exec(tables);
  return {
    sqlite,
    transaction(work) {
      sqlite.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        sqlite.exec('COMMIT');
        return result;
      } catch (error) {
        sqlite.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => sqlite.close(),
  };
}
