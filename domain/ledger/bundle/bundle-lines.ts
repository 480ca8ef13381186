import { canonicalJson } from '../canonical-json.ts';
import { shownEntryIn } from '../verify/shown-entry.ts';
import type { BundleHeader } from './bundle-header.ts';
import { Gap } from './left-out-range.ts';
import { isAskedFor, KEY_CHANGE } from './selection.ts';

/** A log as a bundle is made from it: all its entries from 0, and its checkpoints by size, none of them left out. */
export type LogSource = {
  readonly entries: AsyncIterable<{ readonly index: number; readonly leafHash: string; readonly text: string }>;
  readonly checkpoints: AsyncIterable<{ readonly size: number; readonly note: string }>;
};

/**
 * The lines of a bundle without their line feeds (docs/ledger-format.md section 4), in memory that does not grow with the log. Shows
 * the entries that the header asks for and every change of key. Throws RangeError where the source has a gap, ends early, or has no
 * checkpoint of the header's size: such a bundle would be incomplete from the start.
 */
export async function* bundleLines(header: BundleHeader, source: LogSource): AsyncGenerator<string> {
  const checkpoints = new Checkpoints(source.checkpoints);
  const gap = new Gap();
  let position = 0;
  yield canonicalJson(header);
  yield* await checkpoints.at(0, header.size);
  for await (const { index, leafHash, text } of source.entries) {
    if (position === header.size) break;
    if (index !== position) throw new RangeError(`the source has entry ${index} where ${position} belongs`);
    position += 1;
    const notes = await checkpoints.at(position, header.size);
    if (isShown(header, index, text)) yield* [...gap.close(), text];
    else gap.add(index, leafHash);
    if (notes.length > 0) yield* [...gap.close(), ...notes];
  }
  if (position !== header.size) throw new RangeError(`the source ends at entry ${position} of ${header.size}`);
}

/** Few entries have to be parsed for it. What is no entry is shown, for the verifier to find. */
function isShown(header: BundleHeader, index: number, text: string): boolean {
  const isInRange = index >= header.from && index < header.to;
  if (isInRange ? header.ticket === undefined : !text.includes(KEY_CHANGE)) return isInRange;
  const entry = shownEntryIn(text);
  return 'kind' in entry || isAskedFor(header, index, entry);
}

/** Checkpoints in their order, read no further than needed. */
class Checkpoints {
  readonly #source: AsyncIterator<{ readonly size: number; readonly note: string }>;
  #next: { readonly size: number; readonly note: string } | undefined;
  #isStarted = false;

  constructor(source: LogSource['checkpoints']) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The lines of those of that size. Throws RangeError where the last one is asked for and is not there. */
  async at(size: number, last: number): Promise<string[]> {
    if (!this.#isStarted) await this.#advance();
    this.#isStarted = true;
    const lines: string[] = [];
    for (; this.#next && this.#next.size <= size; await this.#advance())
      if (this.#next.size === size) lines.push(JSON.stringify(this.#next.note));
    if (size === last && lines.length === 0) throw new RangeError(`the source has no checkpoint of size ${size}`);
    return lines;
  }

  async #advance(): Promise<void> {
    const { done, value } = await this.#source.next();
    this.#next = done ? undefined : value;
  }
}
