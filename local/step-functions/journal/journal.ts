import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { groupCommit } from './group-commit.ts';
import { SCHEMA } from './schema.ts';

/** The engine's durable store: all changes of one turn of the event loop share one fsync (group commit). */
export interface Journal {
  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  run(sql: string, ...values: SQLInputValue[]): void;
  /** Runs synchronous changes that become durable together, or not at all. */
  write<Result>(change: () => Result): Result;
  /** Resolves when everything written so far is on disk. Nothing may leave the engine before. */
  durable(): Promise<void>;
  close(): void;
}

interface Options {
  /** Called once when a write or commit fails. The journal then refuses everything: memory and disk may differ. */
  readonly onFault: (fault: unknown) => void;
}

/** Opens (and creates) the journal at `path`, with full durability: a commit survives power loss. */
export function openJournal(path: string, { onFault }: Options): Journal {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  db.exec(SCHEMA);
  const prepare = statementCache(db);
  const batch = groupCommit(prepare, onFault);
  return {
    // node:sqlite knows columns only at run time; each caller names the columns of its own SELECT
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    one: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).get(...values) as Row | undefined,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values) as Row[],
    run: (sql, ...values) => void prepare(sql).run(...values),
    write: batch.write,
    durable: batch.durable,
    close: () => {
      batch.flush();
      db.close();
    },
  };
}

function statementCache(db: DatabaseSync) {
  const statements = new Map<string, StatementSync>();
  return (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}
