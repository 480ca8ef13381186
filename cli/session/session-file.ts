import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';

/** A login that is kept between commands. Times in epoch milliseconds. */
export const SavedSession = z.object({
  issuer: z.string(),
  clientId: z.string(),
  subject: z.string(),
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  scopes: z.array(z.string()),
  expiresAt: z.number(),
  /** When the person last proved who they are; a refresh does not renew it. */
  authTime: z.number(),
});
export type SavedSession = z.infer<typeof SavedSession>;

/** The kept login. A missing, unreadable or damaged file is no login: a new one replaces it. */
export async function readSession(path: string): Promise<SavedSession | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return SavedSession.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Keeps a login, for its owner's eyes only (0600 in a 0700 folder), whole or not at all. */
export async function writeSession(path: string, session: SavedSession): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeFile(temporary, JSON.stringify(session), { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
