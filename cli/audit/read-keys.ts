import { readFile, stat } from 'node:fs/promises';
import { type NoteKey, noteKeyIn } from '../../domain/ledger/signed-note.ts';
import { CliError } from '../cli-error.ts';

const LARGEST = 1_000_000;

/** Reads a file of keys: one to a line as `audit keys` prints them; empty lines and lines that begin with # are left out. Refuses any other line, naming it. */
export async function readKeys(path: string): Promise<NoteKey[]> {
  const lines = (await textOf(path)).split(/\r?\n/).map((text, at) => ({ text: text.trim(), number: at + 1 }));
  const keys = lines
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, number }) => {
      const key = noteKeyIn(text);
      if (!key) throw unusable(`line ${number} of ${path} is no key: '${text.slice(0, 60)}'`);
      return key;
    });
  if (keys.length === 0) throw unusable(`${path} holds no key`);
  return keys;
}

async function textOf(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > LARGEST) throw unusable(`${path} is too large to be a file of keys`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CliError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw unusable(`the keys in ${path} cannot be read: ${code}`);
  }
}

const unusable = (message: string) =>
  new CliError('usage', message, 'give a file with one key to a line, as tradepulse-cli audit keys prints them');
