import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const Row = z.object({
  application: z.string(),
  profile: z.string(),
  number: z.number(),
  content: z.instanceof(Uint8Array),
  type: z.string(),
  description: z.string().nullable(),
  label: z.string().nullable(),
});
/** A hosted configuration version: never changed once written. */
export type Version = z.infer<typeof Row>;

export function versionTable(sqlite: DatabaseSync) {
  const insert = sqlite.prepare(
    'INSERT INTO versions (application, profile, number, content, type, description, label) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const select =
    'SELECT application, profile, number, content, type, description, label FROM versions WHERE application = ? AND profile = ?';
  const all = sqlite.prepare(`${select} ORDER BY number DESC`);
  const one = sqlite.prepare(`${select} AND number = ?`);
  const labelled = sqlite.prepare(`${select} AND label = ? ORDER BY number DESC LIMIT 1`);
  const latest = sqlite.prepare(
    'SELECT COALESCE(MAX(number), 0) AS number FROM versions WHERE application = ? AND profile = ?',
  );
  const found = (row: unknown): Version | undefined => (row === undefined ? undefined : Row.parse(row));

  return {
    add({ application, profile, number, content, type, description, label }: Version) {
      insert.run(application, profile, number, content, type, description, label);
    },
    /** 0 when there is none. */
    latest: (application: string, profile: string): number =>
      z.object({ number: z.number() }).parse(latest.get(application, profile)).number,
    one: (application: string, profile: string, number: number) => found(one.get(application, profile, number)),
    labelled: (application: string, profile: string, label: string) => found(labelled.get(application, profile, label)),
    /** Newest first. */
    all: (application: string, profile: string): Version[] =>
      all.all(application, profile).map((row) => Row.parse(row)),
  };
}
