import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { writeDurably } from '../aws/write-durably.ts';

/**
 * Reads a private JSON file, or makes it (0600) when there is none. Two starts at once agree on the one that was first.
 * Refuses a file that is not what was written: new secrets would quietly lock everybody out.
 */
export async function keepFile<Content>(
  path: string,
  schema: z.ZodType<Content>,
  make: () => Promise<Content>,
  wayOut = 'delete it to have new secrets made (people then log in again)',
): Promise<Content> {
  const kept = await read(path, schema, wayOut);
  if (kept !== undefined) return kept;
  const made = await make();
  if (await writeDurably(path, Buffer.from(`${JSON.stringify(made, null, 2)}\n`), { mode: 0o600, once: true }))
    return made;
  return keepFile(path, schema, make, wayOut);
}

async function read<Content>(path: string, schema: z.ZodType<Content>, wayOut: string): Promise<Content | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged: restore it, or ${wayOut}`, { cause });
  }
}
