import { isAskedFor, KEY_CHANGE } from '../bundle/selection.ts';
import { type Claim, ledgerOf } from './claim.ts';
import { type FindingKind, quoted, type Where } from './finding.ts';
import { type KeyRing, MOST_KEY_CHANGES } from './key-ring.ts';
import type { LogNotes } from './log-notes.ts';
import { wrongProofs } from './proof-methods.ts';
import type { ShownEntry } from './shown-entry.ts';

/** Where what is wrong is taken down; `stop` where nothing more can be read. */
export type FindingTaker = {
  found(kind: FindingKind, where: Where, what: string): void;
  stop(kind: FindingKind, where: Where, what: string): void;
};

/** Judges what an entry says of itself: its log and number, whether it was asked for, its proofs, and the change of key that it announces. */
export class EntryJudge {
  readonly #claim: Claim;
  readonly #ring: KeyRing;
  readonly #notes: LogNotes;
  readonly #log: FindingTaker;
  #shift = 0;

  constructor(claim: Claim, ring: KeyRing, notes: LogNotes, log: FindingTaker) {
    [this.#claim, this.#ring, this.#notes, this.#log] = [claim, ring, notes, log];
  }

  /** Judges the entry at its position, in the order of the log. */
  judge(entry: ShownEntry, index: number): void {
    const { log, seq, at, type, payload, proofs } = entry;
    if (log !== this.#claim.log)
      this.#log.found('entry-place', { index }, `entry ${index} is of the log ${quoted(log)}`);
    const shift = seq - index;
    if (shift !== this.#shift && shift !== 0)
      this.#log.found('entry-place', { index }, `where entry ${index} should be stands one with the number ${seq}`);
    this.#shift = shift;
    if (!isAskedFor(this.#claim, index, entry))
      this.#log.found(
        'entry-not-asked',
        { index },
        `entry ${index} is shown, but is none of those that were asked for`,
      );
    this.#notes.entryAt(index, at);
    if (proofs.length > 0) this.#judgeProofs(entry, index);
    if (type === KEY_CHANGE) this.#changeKey(index, payload);
  }

  #judgeProofs(entry: ShownEntry, index: number): void {
    for (const { kind, what } of wrongProofs(entry)) this.#log.found(kind, { index }, `entry ${index} ${what}`);
    for (const proof of entry.proofs) this.#notes.proof(proof);
  }

  #changeKey(index: number, payload: ShownEntry['payload']): void {
    if (this.#ring.changes === MOST_KEY_CHANGES) {
      this.#log.stop('unreadable', { index }, `the key changes more than ${MOST_KEY_CHANGES} times`);
      return;
    }
    const wrong = this.#ring.announce(index, payload, ledgerOf(this.#claim));
    if (wrong === undefined) this.#notes.keyChange(index);
    else this.#log.found('key-change', { index }, `entry ${index} announces a change of key, but ${wrong}`);
  }
}
