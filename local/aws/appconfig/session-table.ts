import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const Row = z.object({
  token: z.string(),
  application: z.string(),
  environment: z.string(),
  profile: z.string(),
  minimum: z.number().nullable(),
  share: z.number(),
  issued: z.number(),
  used: z.number(),
  version: z.number().nullable(),
  polled: z.number().nullable(),
});
/**
 * One token of a reading session. `minimum` is the least time between polls in seconds, `share` (0 to 99) the reader's place in a
 * gradual deployment, `version` what the session got last, `polled` when; times in epoch milliseconds.
 */
export type SessionToken = Omit<z.infer<typeof Row>, 'used'> & { readonly used: boolean };

export function sessionTable(sqlite: DatabaseSync) {
  const insert = sqlite.prepare(
    `INSERT INTO sessions (token, application, environment, profile, minimum, share, issued, version, polled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const one = sqlite.prepare('SELECT * FROM sessions WHERE token = ?');
  const use = sqlite.prepare('UPDATE sessions SET used = 1 WHERE token = ?');
  const forget = sqlite.prepare('DELETE FROM sessions WHERE issued < ?');

  return {
    add({
      token,
      application,
      environment,
      profile,
      minimum,
      share,
      issued,
      version,
      polled,
    }: Omit<SessionToken, 'used'>) {
      insert.run(token, application, environment, profile, minimum, share, issued, version, polled);
    },
    one(token: string): SessionToken | undefined {
      const row = one.get(token);
      if (row === undefined) return undefined;
      const parsed = Row.parse(row);
      return { ...parsed, used: parsed.used === 1 };
    },
    use: (token: string) => use.run(token),
    forgetBefore: (issued: number) => forget.run(issued),
  };
}
