import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { Database } from '../aws/open-database.ts';

type Now = () => Date;

/**
 * What oidc-provider keeps (sessions, grants, refresh tokens, codes, logins under way), so that a restart logs nobody out.
 * Expired rows are never found, and deleted as new ones come.
 */
export function oidcStore(database: Database, now: Now): AdapterFactory {
  const statements = prepare(database);
  return (model) => storeOf(model, statements, database, now);
}

function prepare({ sqlite }: Database) {
  return {
    upsert: sqlite.prepare(
      'INSERT OR REPLACE INTO oidc (model, id, payload, expires_at, uid, grant_id) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    find: sqlite.prepare(
      'SELECT payload FROM oidc WHERE model = ? AND id = ? AND (expires_at IS NULL OR expires_at > ?)',
    ),
    findByUid: sqlite.prepare(
      'SELECT payload FROM oidc WHERE model = ? AND uid = ? AND (expires_at IS NULL OR expires_at > ?)',
    ),
    consume: sqlite.prepare("UPDATE oidc SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?"),
    destroy: sqlite.prepare('DELETE FROM oidc WHERE model = ? AND id = ?'),
    revoke: sqlite.prepare('DELETE FROM oidc WHERE grant_id = ?'),
    expire: sqlite.prepare('DELETE FROM oidc WHERE expires_at <= ?'),
  };
}

function storeOf(model: string, statements: ReturnType<typeof prepare>, database: Database, now: Now): Adapter {
  const seconds = () => Math.floor(now().getTime() / 1000);
  return {
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiresIn === undefined ? null : seconds() + expiresIn;
      const { uid = null, grantId = null } = payload;
      database.transaction(() => {
        statements.expire.run(seconds());
        statements.upsert.run(model, id, JSON.stringify(payload), expiresAt, uid, grantId);
      });
    },
    find: async (id) => payloadOf(statements.find.get(model, id, seconds())),
    findByUid: async (uid) => payloadOf(statements.findByUid.get(model, uid, seconds())),
    findByUserCode: async () => undefined, // the device flow is off
    consume: async (id) => void statements.consume.run(seconds(), model, id),
    destroy: async (id) => void statements.destroy.run(model, id),
    revokeByGrantId: async (grantId) => void statements.revoke.run(grantId),
  };
}

function payloadOf(row: Record<string, unknown> | undefined): AdapterPayload | undefined {
  return typeof row?.['payload'] === 'string' ? JSON.parse(row['payload']) : undefined;
}
