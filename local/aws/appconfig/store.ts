import { openDatabase } from '../open-database.ts';
import { deploymentTable } from './deployment-table.ts';
import { sessionTable } from './session-table.ts';
import { versionTable } from './version-table.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS versions (
    application TEXT NOT NULL, profile TEXT NOT NULL, number INTEGER NOT NULL, content BLOB NOT NULL, type TEXT NOT NULL,
    description TEXT, label TEXT, PRIMARY KEY (application, profile, number)) STRICT;
  CREATE TABLE IF NOT EXISTS deployments (
    application TEXT NOT NULL, environment TEXT NOT NULL, number INTEGER NOT NULL, profile TEXT NOT NULL, version INTEGER NOT NULL,
    strategy TEXT NOT NULL, description TEXT, started INTEGER NOT NULL, stopped INTEGER, outcome TEXT,
    PRIMARY KEY (application, environment, number)) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, application TEXT NOT NULL, environment TEXT NOT NULL, profile TEXT NOT NULL, minimum INTEGER,
    share INTEGER NOT NULL, issued INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, version INTEGER, polled INTEGER) STRICT;
`;

/** Versions, deployments and reading sessions of AppConfig in one SQLite file. */
export function openStore(path: string) {
  const database = openDatabase(path, tables);
  return {
    versions: versionTable(database.sqlite),
    deployments: deploymentTable(database.sqlite),
    sessions: sessionTable(database.sqlite),
    transaction: database.transaction,
    relaxed: database.relaxed,
    close: database.close,
  };
}

export type Store = ReturnType<typeof openStore>;
