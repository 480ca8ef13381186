import type { Claim } from './claim.ts';
import { PeopleNotes } from './people-notes.ts';
import { meaningOf } from './proof-methods.ts';
import { entriesText } from './report.ts';

const CLOCK_TOLERANCE_MS = 60_000;
const MOST_METHODS = 16;

/** What an auditor should know beside the verdict; nothing here changes it. */
export class LogNotes {
  readonly #notes: string[] = [];
  readonly #proofs = new Map<string, number>();
  readonly #people = new PeopleNotes();
  #lastAt: { readonly index: number; readonly at: string } = { index: -1, at: '' };
  #clock = { times: 0, first: -1 };
  #unjudged = { times: 0, last: 0 };
  #misfits = 0;

  constructor(claim: Claim, hasHeld: boolean) {
    const { from, to, size, ticket } = claim;
    if (!hasHeld)
      this.#notes.push(
        'no checkpoint from outside was given: if whoever holds the signing key had written a second history, it would look just as right. Keep the newest checkpoint, and give it to the next verification',
      );
    if (from > 0 || to < size)
      this.#notes.push(
        `not the whole log was asked for, but ${entriesText(from, to)} of ${size}; of the others only hashes are there`,
      );
    if (ticket !== undefined)
      this.#notes.push(
        `only entries of the ticket ${ticket} were asked for; that these are all of them cannot be seen from hashes: for that, verify the whole log`,
      );
  }

  /** Notices a clock that goes back by more than a minute between neighbours. */
  entryAt(index: number, at: string): void {
    const last = this.#lastAt;
    this.#lastAt = { index, at };
    if (at >= last.at || last.index !== index - 1) return;
    if (Date.parse(last.at) - Date.parse(at) <= CLOCK_TOLERANCE_MS) return;
    this.#clock = { times: this.#clock.times + 1, first: this.#clock.times === 0 ? index : this.#clock.first };
  }

  proof(proof: Readonly<Record<string, unknown>>): void {
    this.#people.proof(proof);
    const name = String(proof['method']);
    if (this.#proofs.size < MOST_METHODS || this.#proofs.has(name))
      this.#proofs.set(name, (this.#proofs.get(name) ?? 0) + 1);
  }

  keyChange(index: number): void {
    this.#notes.push(`the signing key changes at entry ${index}`);
  }

  /** A checkpoint by keys that are not trusted, before the first one by a trusted key. */
  unjudged(size: number): void {
    this.#unjudged = { times: this.#unjudged.times + 1, last: size };
  }

  /** One more checkpoint that does not fit, after the first one. */
  misfit(): void {
    this.#misfits += 1;
  }

  all(): string[] {
    const { times, first } = this.#clock;
    const unjudged = this.#unjudged;
    return [
      ...this.#notes,
      ...[...this.#proofs].flatMap(([method, count]) => proofNote(method, count)),
      ...this.#people.all(),
      ...(times > 0 ? [`the clock goes back by more than a minute (${times} times, first at entry ${first})`] : []),
      ...(unjudged.times > 0
        ? [
            `checkpoints by keys that are not trusted stand before the first trusted one (${unjudged.times}, up to size ${unjudged.last}): they prove nothing by themselves`,
          ]
        : []),
      ...(this.#misfits > 0
        ? [`checkpoints after the first that does not fit do not fit either: ${this.#misfits}`]
        : []),
    ];
  }
}

function proofNote(method: string, count: number): string[] {
  const means = meaningOf(method);
  return means === undefined ? [] : [`proofs by ${method}: ${count}. Each is ${means}`];
}
