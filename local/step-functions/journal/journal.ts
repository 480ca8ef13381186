import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
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

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (fault: unknown) => void;
}

/** Opens (and creates) the journal at `path`, with full durability: a commit survives power loss. */
export function openJournal(path: string, { onFault }: Options): Journal {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  db.exec(SCHEMA);
  const statements = new Map<string, StatementSync>();
  let waiters: Waiter[] = [];
  let open = false;
  let broken: unknown;

  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const fail = (fault: unknown) => {
    broken = fault;
    open = false;
    const refused = waiters;
    waiters = [];
    for (const { reject } of refused) reject(fault);
    onFault(fault);
  };
  const flush = () => {
    if (!open) return;
    try {
      prepare('COMMIT').run();
    } catch (fault) {
      fail(fault);
      return;
    }
    open = false;
    const done = waiters;
    waiters = [];
    for (const { resolve } of done) resolve();
  };
  const begin = () => {
    if (broken !== undefined) throw broken;
    if (open) return;
    prepare('BEGIN IMMEDIATE').run();
    open = true;
    setImmediate(flush);
  };
  return {
    // node:sqlite knows columns only at run time; each caller names the columns of its own SELECT.
    one: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values) as Row[],
    run: (sql, ...values) => void prepare(sql).run(...values),
    write: (change) => {
      try {
        begin();
        return change();
      } catch (fault) {
        if (broken === undefined) fail(fault);
        throw fault;
      }
    },
    durable: () => {
      if (broken !== undefined) return Promise.reject(broken);
      if (!open) return Promise.resolve();
      return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
    },
    close: () => {
      if (broken === undefined) flush();
      db.close();
    },
  };
}
