import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRead, readable } from './open-file.ts';

/** A file with the texts of the entries `[begin, end)`. */
export type EntryFile = { readonly name: string; readonly begin: number; readonly end: number };

/** What is in a copy of `ledger/<log>/` of the evidence bucket (docs/ledger-format.md section 5), by the names of the files alone. */
export type LogFolder = {
  /** Whether it has one of the folders of a log at all: then it is the folder of one log, else it may be one of several logs. */
  readonly hasParts: boolean;
  /** By their first entry. */
  readonly entries: readonly EntryFile[];
  /** Sizes, ascending. */
  readonly checkpoints: readonly number[];
  /** What else is there and was not looked at, for people. */
  readonly ignored: readonly string[];
};

const ENTRIES = /^(\d{16})-(\d{16})\.jsonl$/;
const CHECKPOINT = /^\d{16}$/;
const LOG = /^[a-z][a-z0-9-]{0,39}$/;
const MOST_NAMES_SHOWN = 5;
const MOST_FILES = 2_000_000;

/** The file of a checkpoint in its folder. */
export const checkpointFile = (size: number): string => String(size).padStart(16, '0');

/** Reads which files a log's folder has. Only folders and files by the names of the format count; links never do. */
export async function logFolderAt(path: string): Promise<LogFolder> {
  const ignored = new Ignored();
  const parts = await names(path, 'folder', (name) => ['entries', 'checkpoints', 'tile'].includes(name), ignored);
  const inPart = (part: string, pattern: RegExp) =>
    parts.includes(part) ? names(join(path, part), 'file', (name) => pattern.test(name), ignored) : [];
  const entries = (await inPart('entries', ENTRIES)).map(entryFile);
  const checkpoints = (await inPart('checkpoints', CHECKPOINT)).map(Number);
  return {
    hasParts: parts.length > 0,
    entries: entries.filter(isRange).toSorted((one, other) => one.begin - other.begin || one.end - other.end),
    checkpoints: checkpoints.filter(Number.isSafeInteger).toSorted((one, other) => one - other),
    ignored: ignored.sentences(),
  };
}

/** The logs in a copy of `ledger/`, by the names of its folders, and what else was there. */
export async function logsAt(path: string): Promise<{ logs: readonly string[]; ignored: readonly string[] }> {
  const ignored = new Ignored();
  const logs = await names(path, 'folder', (name) => LOG.test(name), ignored);
  return { logs: logs.toSorted(), ignored: ignored.sentences() };
}

function entryFile(name: string): EntryFile {
  const [, begin, end] = ENTRIES.exec(name) ?? [];
  return { name, begin: Number(begin), end: Number(end) };
}

const isRange = ({ begin, end }: EntryFile) => begin < end && Number.isSafeInteger(end);

const isKind = (entry: Dirent, kind: 'file' | 'folder') => (kind === 'file' ? entry.isFile() : entry.isDirectory());

async function names(
  path: string,
  kind: 'file' | 'folder',
  isWanted: (name: string) => boolean,
  ignored: Ignored,
): Promise<string[]> {
  const found: string[] = [];
  await readable(async () => {
    for await (const entry of await opendir(path)) {
      if (found.length > MOST_FILES) throw new CannotRead(`there are more than ${MOST_FILES} files in a folder`);
      if (isKind(entry, kind) && isWanted(entry.name)) found.push(entry.name);
      else ignored.add(entry.name);
    }
  });
  return found;
}

/** Names that are not of the format: counted, and a few of them kept. */
class Ignored {
  readonly #some: string[] = [];
  #count = 0;

  add(name: string): void {
    this.#count += 1;
    if (this.#some.length < MOST_NAMES_SHOWN) this.#some.push(JSON.stringify(name.slice(0, 80)));
  }

  sentences(): string[] {
    if (this.#count === 0) return [];
    const more = this.#count > this.#some.length ? ` and ${this.#count - this.#some.length} more` : '';
    return [`not looked at, since it is no file or folder of a log: ${this.#some.join(', ')}${more}`];
  }
}
