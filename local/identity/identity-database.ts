import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase } from '../aws/open-database.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS oidc (
    model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, expires_at INTEGER,
    uid TEXT, grant_id TEXT, PRIMARY KEY (model, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS oidc_uid ON oidc (uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS oidc_grant ON oidc (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS oidc_expiry ON oidc (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS failed_logins (
    name TEXT PRIMARY KEY, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS used_codes (
    subject TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (subject, step)
  ) WITHOUT ROWID;
`;

/** Sessions, grants, failed logins and used one-time codes, in `identity/identity.db`. Owner only: it holds refresh tokens. */
export function identityDatabase(dataPath: string): Database {
  const folder = join(dataPath, 'identity');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'identity.db');
  closeSync(openSync(path, 'a', 0o600));
  return openDatabase(path, TABLES);
}
