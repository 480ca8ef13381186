import { type NoteKey, noteKeyIn, type SignedNote, signersOf } from '../signed-note.ts';

/** A log with more changes of key than this is not read. */
export const MOST_KEY_CHANGES = 256;

type Trusted = { readonly key: NoteKey; readonly from: number; until: number };
type Change = { readonly index: number; readonly from: NoteKey; readonly to: NoteKey; isNew: boolean };

/** What the signatures of one checkpoint are worth. */
export type Judgement = {
  /** A trusted key of that size has signed. */
  readonly isTrusted: boolean;
  /** A signature names a key that is known, and is not by that key. */
  readonly isForged: boolean;
  /** What is wrong with the changes of key that this checkpoint is the first to cover. */
  readonly wrong: readonly string[];
};

/** Which keys are trusted for checkpoints of which size: those from outside, and those that they hand on to in the log itself. */
export class KeyRing {
  readonly #trusted: Trusted[];
  readonly #known: NoteKey[];
  #pending: Change[] = [];
  changes = 0;

  constructor(trusted: readonly NoteKey[]) {
    this.#trusted = trusted.map((key) => ({ key, from: 0, until: Number.POSITIVE_INFINITY }));
    this.#known = [...trusted];
  }

  /** Takes note of a change of key; what is wrong with it, if anything. `ledger` is the name that both keys must have. */
  announce(index: number, payload: Readonly<Record<string, unknown>>, ledger: string): string | undefined {
    this.changes += 1;
    const [from, to] = [payload['from'], payload['to']].map((vkey) =>
      typeof vkey === 'string' ? noteKeyIn(vkey) : undefined,
    );
    if (from?.name !== ledger || to?.name !== ledger || from.vkey === to.vkey)
      return `does not name two keys of ${ledger}`;
    this.#pending.push({ index, from, to, isNew: true });
    for (const key of [from, to]) if (!this.#known.some(({ vkey }) => vkey === key.vkey)) this.#known.push(key);
    return undefined;
  }

  /** Judges the signatures of a checkpoint whose root is right, and hands trust on where it covers a change of key. */
  judge(note: SignedNote, size: number): Judgement {
    const signers = signersOf(note, this.#known);
    const isTrusted = signers.some((key) => this.#isTrusted(key, size));
    const wrong = this.#pending.flatMap((change) => unsigned(change, signers));
    if (isTrusted) wrong.push(...this.#handOn(size));
    return { isTrusted, isForged: signers.length === 0 && this.#names(note), wrong };
  }

  /** Whether a note, e.g. one that an auditor kept, is signed by a key that is trusted for its size. Changes nothing. */
  hasSigned(note: SignedNote, size: number): boolean {
    return signersOf(note, this.#known).some((key) => this.#isTrusted(key, size));
  }

  #handOn(size: number): string[] {
    const covered = this.#pending;
    this.#pending = [];
    return covered.flatMap(({ index, from, to }) => {
      const isRight = this.#isTrusted(from, size) || this.#isTrusted(to, size);
      if (!isRight) return [`entry ${index} hands on from a key that was not in use (${nameOf(from)})`];
      for (const each of this.#trusted) if (each.key.vkey === from.vkey) each.until = Math.min(each.until, size);
      if (!this.#isTrusted(to, size + 1)) this.#trusted.push({ key: to, from: size, until: Number.POSITIVE_INFINITY });
      return [];
    });
  }

  #isTrusted({ vkey }: NoteKey, size: number): boolean {
    return this.#trusted.some(({ key, from, until }) => key.vkey === vkey && from <= size && size <= until);
  }

  #names({ signatures }: SignedNote): boolean {
    return signatures.some(({ name, id }) => this.#known.some((key) => key.name === name && key.id === id));
  }
}

/** The first checkpoint after a change of key has to be signed by both keys. */
function unsigned(change: Change, signers: readonly NoteKey[]): string[] {
  if (!change.isNew) return [];
  change.isNew = false;
  return [change.from, change.to]
    .filter(({ vkey }) => !signers.some((signer) => signer.vkey === vkey))
    .map((key) => `entry ${change.index} changes the key, but ${nameOf(key)} has not signed the checkpoint after it`);
}

const nameOf = ({ name, id }: NoteKey) => `${name}+${id}`;
