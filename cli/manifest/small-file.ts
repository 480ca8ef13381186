import { readFile, stat, writeFile } from 'node:fs/promises';
import { CliError } from '../cli-error.ts';

/** A file that a person names. Refuses one that cannot be read, and one that is larger than it can be, before reading it. */
export async function readSmallFile(path: string, maxBytes: number): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes)
      throw new CliError('usage', `${path} has ${size} bytes, more than ${maxBytes}`, 'name the right file');
    return await readFile(path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('usage', `${path} cannot be read: ${reasonOf(error)}`, 'name a file that is there');
  }
}

/** Writes a file that is not there yet, readable by its owner alone where it is a secret. */
export async function writeNewFile(path: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode }).catch((error: unknown) => {
    throw new CliError('usage', `${path} cannot be written: ${reasonOf(error)}`, 'name a file that is not there yet');
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
