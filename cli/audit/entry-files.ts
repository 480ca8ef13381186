import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FindingKind } from '../../domain/ledger/verify/finding.ts';
import { LineSplitter, type LineTaker } from './line-splitter.ts';
import type { EntryFile } from './log-folder.ts';
import { CannotRead, openFile, readable } from './open-file.ts';

const CHUNK_BYTES = 131_072;
const MOST_AT_ONCE = 16;

/** Who is told what is wrong with one of the files, and where nothing more is to be read. */
export type FileProblems = {
  found(kind: FindingKind, what: string): void;
  stop(kind: FindingKind, what: string): void;
};

/** The entries in the files of a folder, one position after another; where files overlap, all texts for the position. */
export class EntryFiles {
  readonly #folder: string;
  readonly #files: readonly EntryFile[];
  readonly #problems: FileProblems;
  #next = 0;
  #open: OpenFile[] = [];

  constructor(folder: string, files: readonly EntryFile[], problems: FileProblems) {
    [this.#folder, this.#files, this.#problems] = [folder, files, problems];
  }

  /** The texts of the entry at a position: none where no file has it. Positions have to be asked for in order, from 0. */
  async at(position: number): Promise<readonly string[]> {
    await this.leave(position);
    for (let file = this.#files[this.#next]; file?.begin === position; file = this.#files[this.#next]) {
      if (this.#open.length === MOST_AT_ONCE) {
        this.#problems.stop('unreadable', `more than ${MOST_AT_ONCE} files hold the same entries, e.g. ${file.name}`);
        return [];
      }
      this.#open.push(new OpenFile(join(this.#folder, file.name), file, this.#problems));
      this.#next += 1;
    }
    const texts: string[] = [];
    for (const file of this.#open) {
      const text = await file.next();
      if (text !== undefined) texts.push(text);
    }
    return texts;
  }

  /** Closes the files that end before the position, and finds out whether they hold more than their names say. */
  async leave(position: number): Promise<void> {
    if (!this.#open.some(({ end }) => end === position)) return;
    const ended = this.#open.filter(({ end }) => end === position);
    this.#open = this.#open.filter((file) => !ended.includes(file));
    for (const file of ended) {
      if ((await file.next()) !== undefined)
        this.#problems.found('more-than-said', `${file.name} holds more entries than its name says`);
      await file.close();
    }
  }

  async close(): Promise<void> {
    for (const file of this.#open) await file.close();
  }
}

/** One file, read a chunk at a time. What is wrong with it is told when its turn comes, however much was read ahead. */
class OpenFile implements LineTaker {
  readonly name: string;
  readonly end: number;
  readonly #path: string;
  readonly #problems: FileProblems;
  readonly #splitter = new LineSplitter(this);
  #handle: FileHandle | undefined;
  #lines: string[] = [];
  #at = 0;
  #isEnded = false;
  #problem: { readonly kind: FindingKind; readonly what: string } | undefined;

  constructor(path: string, { name, end }: EntryFile, problems: FileProblems) {
    [this.#path, this.name, this.end, this.#problems] = [path, name, end, problems];
  }

  /** The next line; after the end, or where the file cannot be read on, nothing. */
  async next(): Promise<string | undefined> {
    while (this.#at === this.#lines.length && !this.#isEnded) await this.#fill();
    const text = this.#lines[this.#at];
    this.#at += 1;
    if (text === undefined) this.#tell();
    return text;
  }

  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  get isDone(): boolean {
    return this.#isEnded;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  cut(what: string): void {
    this.#endWith('file-cut', what);
  }

  unreadable(what: string): void {
    this.#endWith('unreadable', what);
  }

  async #fill(): Promise<void> {
    [this.#lines, this.#at] = [[], 0];
    try {
      const handle = this.#handle ?? (await openFile(this.#path, { followLink: false }));
      this.#handle = handle;
      const { buffer, bytesRead } = await readable(() => handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES));
      if (bytesRead > 0) return this.#splitter.push(buffer.subarray(0, bytesRead));
      this.#splitter.end();
      this.#isEnded = true;
    } catch (error) {
      if (!(error instanceof CannotRead)) throw error;
      this.unreadable(error.message);
    }
  }

  #endWith(kind: FindingKind, what: string): void {
    this.#isEnded = true;
    this.#problem = { kind, what: `${this.name}: ${what}` };
  }

  #tell(): void {
    if (this.#problem) this.#problems.found(this.#problem.kind, this.#problem.what);
    this.#problem = undefined;
  }
}
