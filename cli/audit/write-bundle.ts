import { createWriteStream } from 'node:fs';
import { link, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { CliError } from '../cli-error.ts';

/** Writes the lines of a bundle, compressed, whole or not at all. Refuses a path where something is: evidence is not overwritten. */
export async function writeBundle(
  path: string,
  lines: AsyncIterable<string>,
): Promise<{ lines: number; bytes: number }> {
  const temporary = `${path}.part`;
  let count = 0;
  const counted = async function* () {
    for await (const line of lines) {
      count += 1;
      yield `${line}\n`;
    }
  };
  try {
    await pipeline(Readable.from(counted()), createGzip(), createWriteStream(temporary, { mode: 0o600 }));
    await link(temporary, path); // refuses what is there, which a rename would replace
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause ? refused(path, String(cause.code), cause) : cause;
  } finally {
    await rm(temporary, { force: true });
  }
  return { lines: count, bytes: (await stat(path)).size };
}

function refused(path: string, code: string, cause: unknown): CliError {
  if (code === 'EEXIST')
    return new CliError('usage', `${path} is there already`, 'give another file with --out, or move that one away');
  return new CliError('usage', `${path} cannot be written: ${code}`, 'give another file with --out', { cause });
}
