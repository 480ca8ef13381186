import { subtreesOf } from '../merkle-proofs.ts';
import { notCanonical } from '../verify/canonical-text.ts';
import type { Trust } from '../verify/held-evidence.ts';
import { LogVerifier } from '../verify/log-verifier.ts';
import { parsedJson } from '../verify/parsed-json.ts';
import { emptyReport, type Report } from '../verify/report.ts';
import { type BundleHeader, bundleHeaderIn } from './bundle-header.ts';
import { type LeftOutRange, leftOutRangeIn } from './left-out-range.ts';

/** Bytes of the longest line of a bundle, without its line feed. */
export const MOST_LINE_BYTES = 1_048_576;

/** What a trust is for one log: it is asked for when the header has said which. */
export type TrustFor = (log: string) => Trust;

/**
 * Verifies a bundle that is read once, line by line (docs/ledger-format.md section 7). Whoever reads the file says where it cannot
 * be read on. Nothing in a bundle makes it throw.
 */
export class BundleVerifier {
  readonly #trustFor: TrustFor;
  #header: BundleHeader | undefined;
  #log: LogVerifier | undefined;
  #noHeader = 'the file is empty';
  #isRefused = false;
  #line = 0;

  constructor(trustFor: TrustFor) {
    this.#trustFor = trustFor;
  }

  /** Whether there is no use in reading on. */
  get isDone(): boolean {
    return this.#isRefused || this.#log?.isDone === true;
  }

  /** Takes the next line, without its line feed. After the end (`isDone`) nothing is taken. */
  line(text: string): void {
    if (this.isDone) return;
    this.#line += 1;
    if (this.#log && this.#header) this.#body(this.#log, this.#header, text);
    else this.#begin(text);
  }

  /** The file ends where it should not: in the middle of a line, or of the compressed stream. */
  cut(what: string): void {
    if (this.#log) this.#log.found('file-cut', { line: this.#line }, `${what}, after line ${this.#line}`);
    else this.#refuse(`this is no ledger bundle: ${what}, before its header is complete`);
  }

  /** The file cannot be read on. */
  unreadable(what: string): void {
    if (this.isDone) return;
    if (this.#log)
      this.#log.stop('unreadable', { line: this.#line + 1 }, `line ${this.#line + 1} cannot be read: ${what}`);
    else this.#refuse(`this is no ledger bundle: ${what}`);
  }

  /** The end. To be called once. */
  report(): Report {
    return this.#log?.report() ?? emptyReport('', { kind: 'unreadable', where: {}, what: this.#noHeader });
  }

  #begin(text: string): void {
    const header = bundleHeaderIn(text);
    if (typeof header === 'string') this.#refuse(header);
    else [this.#header, this.#log] = [header, new LogVerifier(header, this.#trustFor(header.log))];
  }

  #refuse(what: string): void {
    this.#noHeader = what;
    this.#isRefused = true;
  }

  #body(log: LogVerifier, { size }: BundleHeader, text: string): void {
    if (text.startsWith('"')) this.#checkpoint(log, text);
    else if (!text.startsWith('{') && !text.startsWith('[')) this.#unknownLine(log, text);
    else if (log.position === size) this.#moreThanSaid(log, size);
    else if (text.startsWith('{')) log.entry(text);
    else this.#leftOut(log, size, text);
  }

  #checkpoint(log: LogVerifier, text: string): void {
    const note = stringIn(text);
    if (note === undefined) this.#unknownLine(log, text);
    else log.checkpoint(note);
  }

  #leftOut(log: LogVerifier, size: number, text: string): void {
    const range = leftOutRangeIn(text);
    if (!range) this.#unknownLine(log, text);
    else if (fitsAt(log.position, size, range)) log.leftOut(range.end, range.hashes);
    else {
      const what = `line ${this.#line} leaves out entries ${range.begin} to ${range.end}, which does not fit at position ${log.position} of ${size}`;
      log.stop('left-out-range', { line: this.#line }, what);
    }
  }

  #moreThanSaid(log: LogVerifier, size: number): void {
    const what = `line ${this.#line} goes on after all ${size} entries that the header speaks of`;
    log.stop('more-than-said', { line: this.#line }, what);
  }

  #unknownLine(log: LogVerifier, text: string): void {
    const what = text === '' ? 'is blank' : 'is neither an entry, nor a left-out range, nor a checkpoint';
    log.stop('unreadable', { line: this.#line }, `line ${this.#line} ${what}`);
  }
}

const fitsAt = (position: number, size: number, { begin, end, hashes }: LeftOutRange): boolean =>
  begin === position && begin < end && end <= size && subtreesOf([begin, end]).length === hashes.length;

/** The string that a line of canonical JSON holds; nothing when it holds none. */
function stringIn(line: string): string | undefined {
  const value = parsedJson(line);
  return typeof value === 'string' && notCanonical(value, line) === undefined ? value : undefined;
}
