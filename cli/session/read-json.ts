import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { CliError } from '../cli-error.ts';

/** A JSON file of the expected shape; undefined when there is none. Refuses what cannot be read or is something else. */
export async function readJson<Content>(path: string, schema: z.ZodType<Content>): Promise<Content | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError('usage', `${path} cannot be read: ${String(error)}`, 'check who owns it', { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(
      'usage',
      `${path} is not what was written there`,
      "stop the local control plane and start it again with 'npm start'",
      {
        cause,
      },
    );
  }
}
