/**
 * Tables of the engine's journal. A `line` is one line of control of a running execution (the machine itself, a branch
 * of a Parallel, an iteration of a Map); its cursor says where it stands, so that recovery reads one row per line
 * instead of replaying the whole history.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS machine (
  name TEXT PRIMARY KEY, definition TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS execution (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, name TEXT NOT NULL,
  definition TEXT NOT NULL, role TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT,
  cause TEXT, started INTEGER NOT NULL, stopped INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS execution_by_machine ON execution (machine, id);
CREATE INDEX IF NOT EXISTS execution_running ON execution (id) WHERE status = 'RUNNING';
CREATE TABLE IF NOT EXISTS event (
  execution INTEGER NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL,
  details TEXT NOT NULL, PRIMARY KEY (execution, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS line (
  execution INTEGER NOT NULL, path TEXT NOT NULL, cursor TEXT NOT NULL, variables TEXT NOT NULL,
  PRIMARY KEY (execution, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token (
  token TEXT PRIMARY KEY, execution INTEGER NOT NULL, open INTEGER NOT NULL, heartbeat INTEGER NOT NULL, result TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS token_open ON token (execution) WHERE open = 1;
CREATE TABLE IF NOT EXISTS outbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, execution INTEGER NOT NULL, event TEXT NOT NULL
) STRICT;
`;
