import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FindingKind } from '../../domain/ledger/verify/finding.ts';
import { LineSplitter } from './line-splitter.ts';
import type { EntryFile } from './log-folder.ts';
import { CannotRead, openFile, readable } from './open-file.ts';

const CHUNK_BYTES = 131_072;
const MOST_AT_ONCE = 16;

/** Something that is wrong with one of the files. */
export type FileProblem = (kind: FindingKind, what: string) => void;

/** The entries in the files of a folder, one position after another; where files overlap, all texts for the position. */
export class EntryFiles {
  readonly #folder: string;
  readonly #files: readonly EntryFile[];
  readonly #problem: FileProblem;
  #next = 0;
  #open: OpenFile[] = [];

  constructor(folder: string, files: readonly EntryFile[], problem: FileProblem) {
    [this.#folder, this.#files, this.#problem] = [folder, files, problem];
  }

  /** The texts of the entry at a position: none where no file has it. Positions have to be asked for in order, from 0. */
  async at(position: number): Promise<readonly string[]> {
    if (this.#open.some(({ end }) => end === position)) await this.#closeEnded(position);
    while (this.#files[this.#next]?.begin === position) await this.#openNext();
    const texts: string[] = [];
    for (const file of this.#open) {
      const text = await file.next();
      if (text !== undefined) texts.push(text);
    }
    return texts;
  }

  async close(): Promise<void> {
    for (const file of this.#open) await file.close();
  }

  async #openNext(): Promise<void> {
    const file = this.#files[this.#next];
    this.#next += 1;
    if (!file) return;
    if (this.#open.length >= MOST_AT_ONCE)
      this.#problem('unreadable', `more than ${MOST_AT_ONCE} files hold the same entries, e.g. ${file.name}`);
    else this.#open.push(new OpenFile(join(this.#folder, file.name), file, this.#problem));
  }

  async #closeEnded(position: number): Promise<void> {
    const ended = this.#open.filter(({ end }) => end === position);
    this.#open = this.#open.filter((file) => !ended.includes(file));
    for (const file of ended) {
      if ((await file.next()) !== undefined)
        this.#problem('more-than-said', `${file.name} holds more entries than its name says`);
      await file.close();
    }
  }
}

/** One file, read a chunk at a time. */
class OpenFile {
  readonly name: string;
  readonly end: number;
  readonly #path: string;
  readonly #problem: FileProblem;
  readonly #splitter: LineSplitter;
  #handle: FileHandle | undefined;
  #lines: string[] = [];
  #at = 0;
  #isEnded = false;

  constructor(path: string, { name, end }: EntryFile, problem: FileProblem) {
    [this.#path, this.name, this.end, this.#problem] = [path, name, end, problem];
    this.#splitter = new LineSplitter({
      isDone: false,
      line: (text) => void this.#lines.push(text),
      cut: (what) => problem('file-cut', `${name}: ${what}`),
      unreadable: (what) => this.#unreadable(what),
    });
  }

  async next(): Promise<string | undefined> {
    while (this.#at === this.#lines.length && !this.#isEnded) await this.#fill();
    const text = this.#lines[this.#at];
    this.#at += 1;
    return text;
  }

  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #fill(): Promise<void> {
    [this.#lines, this.#at] = [[], 0];
    try {
      const handle = this.#handle ?? (await openFile(this.#path, { followLink: false }));
      this.#handle = handle;
      const { buffer, bytesRead } = await readable(() => handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES));
      if (bytesRead > 0) return this.#splitter.push(buffer.subarray(0, bytesRead));
      this.#isEnded = true;
      this.#splitter.end();
    } catch (error) {
      if (!(error instanceof CannotRead)) throw error;
      this.#unreadable(error.message);
    }
  }

  #unreadable(what: string): void {
    this.#isEnded = true;
    this.#problem('unreadable', `${this.name}: ${what}`);
  }
}
