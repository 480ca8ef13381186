import { isUtf8 } from 'node:buffer';
import { MOST_LINE_BYTES } from '../../domain/ledger/bundle/bundle-verifier.ts';

/** Who takes the lines of a file, and is told where it cannot be read on. */
export type LineTaker = {
  /** Nothing more is wanted. */
  readonly isDone: boolean;
  line(text: string): void;
  cut(what: string): void;
  unreadable(what: string): void;
};

const LINE_FEED = 10;

/** Makes lines of the chunks of a file. Keeps no more than one chunk and one line; a line that grows beyond the limit ends the reading. */
export class LineSplitter {
  readonly #taker: LineTaker;
  #begun: Buffer[] = [];
  #begunBytes = 0;

  constructor(taker: LineTaker) {
    this.#taker = taker;
  }

  push(chunk: Buffer): void {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last >= 0) {
      const head = chunk.subarray(0, last);
      this.#lines(this.#begunBytes === 0 ? head : Buffer.concat([...this.#begun, head]));
      [this.#begun, this.#begunBytes] = [[], 0];
    }
    const rest = chunk.subarray(last + 1);
    if (rest.length === 0) return;
    this.#begun.push(rest);
    this.#begunBytes += rest.length;
    if (this.#begunBytes > MOST_LINE_BYTES && !this.#taker.isDone) this.#taker.unreadable(TOO_LONG);
  }

  /** The file has ended. What stands after its last line feed is not looked at: a cut may go through a character. */
  end(): void {
    if (this.#begunBytes > 0 && !this.#taker.isDone) this.#taker.cut('the file ends in the middle of a line');
  }

  /** Whole lines, the last line feed left out. */
  #lines(block: Buffer): void {
    const isText = isUtf8(block);
    for (let begin = 0; begin <= block.length && !this.#taker.isDone; ) {
      const found = block.indexOf(LINE_FEED, begin);
      const end = found < 0 ? block.length : found;
      if (end - begin > MOST_LINE_BYTES) this.#taker.unreadable(TOO_LONG);
      else if (!isText && !isUtf8(block.subarray(begin, end))) this.#taker.unreadable(NO_TEXT);
      else this.#taker.line(block.toString('utf8', begin, end));
      begin = end + 1;
    }
  }
}

const TOO_LONG = `a line is longer than ${MOST_LINE_BYTES} bytes`;
const NO_TEXT = 'it is not text in UTF-8';
