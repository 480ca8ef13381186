import { type Checkpoint, checkpointIn, checkpointText } from '../checkpoint.ts';
import type { Receipt } from '../ledger-entry.ts';
import { type NoteKey, type SignedNote, signedNoteIn } from '../signed-note.ts';

/** A checkpoint that an auditor kept from earlier, or got from somebody else. */
export type HeldCheckpoint = Checkpoint & { readonly note: SignedNote; readonly text: string };

/** What is known from outside of what is verified: keys, checkpoints and receipts. */
export type Trust = {
  readonly keys: readonly NoteKey[];
  readonly checkpoints: readonly HeldCheckpoint[];
  readonly receipts: readonly Receipt[];
};

/** Reads a checkpoint of three lines and no more; nothing when the text is none. Whether its signatures are right is not looked at. */
export function heldCheckpointIn(text: string): HeldCheckpoint | undefined {
  const note = signedNoteIn(text);
  const checkpoint = note && checkpointIn(note.text);
  return note && checkpoint && checkpointText(checkpoint) === note.text ? { ...checkpoint, note, text } : undefined;
}

/** Things from outside by the place that they are about; each is given out once, when the verification comes to that place. */
export class ByPlace<Thing> {
  readonly #things = new Map<number, Thing[]>();

  constructor(things: readonly Thing[], placeOf: (thing: Thing) => number) {
    for (const thing of things) this.#things.set(placeOf(thing), [...(this.#things.get(placeOf(thing)) ?? []), thing]);
  }

  has(place: number): boolean {
    return this.#things.has(place);
  }

  take(place: number): readonly Thing[] {
    const things = this.#things.get(place) ?? [];
    this.#things.delete(place);
    return things;
  }

  /** Those of places that were never come to. */
  rest(): readonly Thing[] {
    return [...this.#things.values()].flat();
  }
}
