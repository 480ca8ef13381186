import type { Receipt } from '../ledger-entry.ts';
import { subtreesOf } from '../merkle-proofs.ts';
import type { SignedNote } from '../signed-note.ts';
import { type Claim, ledgerOf } from './claim.ts';
import { EntryJudge } from './entry-judge.ts';
import { FINDING_KINDS, type FindingKind, Findings, quoted, type Where } from './finding.ts';
import { ByPlace, type HeldCheckpoint, heldCheckpointIn, type Trust } from './held-evidence.ts';
import { KeyRing } from './key-ring.ts';
import { LogNotes } from './log-notes.ts';
import { hashOfHex, hexOf, leafOf, MerkleStack } from './merkle-stack.ts';
import { entriesText, missingText, type ProvedCheckpoint, provedText, type Report } from './report.ts';
import { shownEntryIn } from './shown-entry.ts';

/** Checkpoints that may stand at one position. */
export const MOST_CHECKPOINTS_HERE = 16;

/**
 * Verifies one log that is read once, from its beginning, in bounded memory: give it entries, left-out ranges and checkpoints
 * in their order, then ask for the report. Nothing in a log makes it throw (docs/ledger-format.md section 7).
 */
export class LogVerifier {
  readonly #claim: Claim;
  readonly #tree = new MerkleStack();
  readonly #findings = new Findings();
  readonly #notes: LogNotes;
  readonly #ring: KeyRing;
  readonly #judge: EntryJudge;
  readonly #keys: { readonly given: number; readonly ours: number };
  readonly #held: ByPlace<HeldCheckpoint>;
  readonly #receipts: ByPlace<Receipt>;
  readonly #count = { entries: 0, omitted: 0, checkpoints: 0 };
  /** Sizes up to which something was right: roots, trusted signatures, checkpoints from outside. */
  readonly #upTo = { root: 0, trusted: 0, held: 0 };
  /** The checkpoints at this position. */
  #here = { notes: 0, isTrusted: false };
  #isBroken = false;
  #isStopped = false;
  #hasMisfit = false;
  #trustedSeen = false;
  #newest: ProvedCheckpoint | null = null;

  constructor(claim: Claim, trust: Trust) {
    this.#claim = claim;
    const ours = trust.keys.filter(({ name }) => name === ledgerOf(claim));
    this.#keys = { given: trust.keys.length, ours: ours.length };
    this.#ring = new KeyRing(ours);
    this.#notes = new LogNotes(claim, trust.checkpoints.length > 0);
    this.#judge = new EntryJudge(claim, this.#ring, this.#notes, this);
    this.#held = new ByPlace(trust.checkpoints, ({ size }) => size);
    this.#receipts = new ByPlace(trust.receipts, ({ index }) => index);
  }

  /** How many entries have been given so far, shown or left out. */
  get position(): number {
    return this.#tree.size;
  }

  /** Whether there is no use in giving more: it could not be read on, or far too much is wrong. */
  get isDone(): boolean {
    return this.#isStopped || this.#findings.tooMany;
  }

  /** Takes the text of the entry at this position. */
  entry(text: string): void {
    this.#leave();
    const index = this.position;
    const entry = shownEntryIn(text);
    if ('kind' in entry) this.found(entry.kind, { index }, `entry ${index} ${entry.what}`);
    else this.#judge.judge(entry, index);
    if (this.#isStopped) return;
    const leaf = leafOf(text);
    if (this.#receipts.has(index)) this.#compareReceipts(index, leaf);
    this.#count.entries += 1;
    this.#tree.push(0, leaf);
  }

  /** Takes the hashes of entries that are left out, up to `end`: the roots of their perfect subtrees, in hex. Throws RangeError where those are not as many. */
  leftOut(end: number, hashes: readonly string[]): void {
    const begin = this.position;
    const subtrees = subtreesOf([begin, end]);
    if (hashes.length < subtrees.length) throw new RangeError(`${hashes.length} hashes are not enough`);
    this.#mayLeaveOut(begin, end);
    for (const [at, hex] of hashes.entries()) {
      const { level, index } = subtrees[at] ?? tooMany(hashes.length);
      const hash = hashOfHex(hex);
      this.#leave();
      if (level === 0 && this.#receipts.has(index)) this.#compareReceipts(index, hash);
      this.#tree.push(level, hash);
    }
    this.#count.omitted += end - begin;
  }

  /** Takes a checkpoint of this position. */
  checkpoint(note: string): void {
    const size = this.position;
    this.#count.checkpoints += 1;
    this.#here.notes += 1;
    if (this.#here.notes > MOST_CHECKPOINTS_HERE)
      this.stop('unreadable', { size }, `more than ${MOST_CHECKPOINTS_HERE} checkpoints stand at size ${size}`);
    if (this.#isStopped) return;
    const read = heldCheckpointIn(note);
    if (read) this.#judgeCheckpoint(read);
    else this.found('checkpoint-form', { size }, `what stands as checkpoint ${size} is no checkpoint`);
  }

  /** Takes down something that is wrong. */
  found(kind: FindingKind, where: Where, what: string): void {
    this.#findings.add(kind, where, what);
    if (FINDING_KINDS[kind] !== 'incomplete') this.#isBroken = true;
  }

  /** Takes down what makes reading on impossible. */
  stop(kind: FindingKind, where: Where, what: string): void {
    this.found(kind, where, what);
    this.#isStopped = true;
  }

  /** The end: what is missing is found now. To be called once. */
  report(): Report {
    this.#missing();
    const { log, origin, size } = this.#claim;
    const trustedUpTo = this.#upTo.trusted;
    return {
      ...{ verdict: this.#findings.verdict, log, origin, size, ...this.#count, trustedUpTo },
      proved: provedText({ trustedUpTo, size }),
      newestCheckpoint: this.#newest,
      ...{ findings: this.#findings.kept, findingCount: this.#findings.count, notes: this.#notes.all() },
    };
  }

  #mayLeaveOut(begin: number, end: number): void {
    const { from, to, ticket } = this.#claim;
    const [first, last] = [Math.max(begin, from), Math.min(end, to)];
    if (ticket !== undefined || first >= last) return;
    const what = `${entriesText(first, last)} should be shown, but only hashes are there`;
    this.found('entry-hidden', { index: first }, what);
  }

  #compareReceipts(index: number, leaf: string): void {
    const actual = hexOf(leaf);
    for (const { leafHash } of this.#receipts.take(index)) {
      const what = `entry ${index} is not the one that the receipt was given for: its leaf hash is ${actual}, the receipt says ${quoted(leafHash)}`;
      if (leafHash !== actual) this.found('receipt', { index }, what);
    }
  }

  #judgeCheckpoint(read: HeldCheckpoint): void {
    const size = this.position;
    const root = this.#tree.root();
    if (read.origin !== this.#claim.origin || read.size !== size)
      this.#misfit('checkpoint-place', placeText(this.#claim, size, read));
    else if (read.root !== root) this.#misfit('root', this.#rootText(read.note, size));
    else this.#judgeSignatures(read.note, { size, root, note: read.text });
  }

  #judgeSignatures(signed: SignedNote, checkpoint: ProvedCheckpoint): void {
    const { size } = checkpoint;
    this.#upTo.root = size;
    const { isTrusted, isForged, wrong } = this.#ring.judge(signed, size);
    if (isForged)
      this.found('signature', { size }, `a signature of checkpoint ${size} names a known key, but is not by that key`);
    for (const what of wrong) this.found('key-change', { size }, what);
    if (isTrusted) this.#proves(checkpoint);
  }

  #proves(checkpoint: ProvedCheckpoint): void {
    this.#here.isTrusted = true;
    this.#trustedSeen = true;
    if (this.#isBroken) return;
    this.#upTo.trusted = checkpoint.size;
    this.#newest = checkpoint;
  }

  /** A checkpoint that belongs to other entries. What follows one fits no better, so only the first is told. */
  #misfit(kind: 'root' | 'checkpoint-place', what: string): void {
    if (this.#hasMisfit) this.#notes.misfit();
    else this.found(kind, { size: this.position }, what);
    this.#hasMisfit = true;
  }

  #rootText(signed: SignedNote, size: number): string {
    const since = entriesText(this.#upTo.root, size);
    return this.#ring.hasSigned(signed, size)
      ? `checkpoint ${size} was signed over other entries than these: something in ${since} was changed, added, removed or moved`
      : `checkpoint ${size} does not fit the entries, and no trusted key has signed it: it is forged, or something in ${since} was changed`;
  }

  /** What is left to judge when this position is left: whether a trusted key has signed here, and what is known from outside. */
  #leave(): void {
    if (this.#here.notes > 0 || this.#held.has(this.position)) this.#judgePosition(this.position);
  }

  #judgePosition(size: number): void {
    if (this.#held.has(size)) this.#compareHeld(size, this.#tree.root());
    const { notes, isTrusted } = this.#here;
    this.#here = { notes: 0, isTrusted: false };
    if (notes === 0 || isTrusted || this.#keys.ours === 0) return;
    if (!this.#trustedSeen) this.#notes.unjudged(size);
    else if (!this.#isBroken)
      this.found('key-not-trusted', { size }, `checkpoint ${size} is signed by no key that is trusted for it`);
  }

  #compareHeld(size: number, root: string): void {
    for (const held of this.#held.take(size)) {
      if (!this.#isUsable(held)) continue;
      if (held.root === root) {
        this.#proves({ size, root, note: held.text });
        this.#upTo.held = size;
      } else this.#contradicted(size);
    }
  }

  /** Two signed histories, unless the entries had been changed before: then only what both agree on can be trusted. */
  #contradicted(size: number): void {
    if (!this.#isBroken) {
      this.#upTo.trusted = this.#upTo.held;
      this.#newest = null;
    }
    const what = `the checkpoint ${size} from outside was signed over other entries than these: the log was rewritten, or its key has signed two histories`;
    this.found('held-checkpoint', { size }, what);
  }

  #isUsable({ origin, size, note }: HeldCheckpoint): boolean {
    const isUsable = origin === this.#claim.origin && this.#ring.hasSigned(note, size);
    if (!isUsable) {
      const why = origin === this.#claim.origin ? 'no trusted key has signed it' : `it is of ${quoted(origin)}`;
      this.found('held-unusable', { size }, `the checkpoint ${size} from outside cannot be used: ${why}`);
    }
    return isUsable;
  }

  #missing(): void {
    const hasLast = this.#here.notes > 0;
    const [{ size }, position] = [this.#claim, this.position];
    this.#leave();
    if (!this.isDone && position < size)
      this.found('entries-missing', { index: position }, `${missingText(position, size)}, of ${size}`);
    if (!this.isDone && position === size && !hasLast)
      this.found('checkpoint-missing', { size }, `the last line, checkpoint ${size}, is missing`);
    this.#missingFromOutside(size);
    this.#missingTrust();
  }

  #missingFromOutside(size: number): void {
    for (const held of this.#held.rest()) {
      if (!this.#isUsable(held)) continue;
      if (held.size > size)
        this.found(
          'entries-missing',
          { index: size },
          `${missingText(size, held.size)}: a checkpoint of size ${held.size} is known from outside`,
        );
      else
        this.found(
          'held-not-compared',
          { size: held.size },
          `the checkpoint ${held.size} from outside could not be compared: its entries were not read one by one`,
        );
    }
    for (const { index } of this.#receipts.rest()) {
      if (index >= size)
        this.found('entries-missing', { index }, `${missingText(size, index + 1)}: there is a receipt for ${index}`);
      else
        this.found(
          'receipt-not-compared',
          { index },
          `the receipt for entry ${index} could not be compared: the entry is not there`,
        );
    }
  }

  #missingTrust(): void {
    const { given, ours } = this.#keys;
    const { size } = this.#claim;
    if (ours === 0) {
      const why =
        given === 0
          ? 'no trusted key was given'
          : `none of the trusted keys is one of ${quoted(ledgerOf(this.#claim))}`;
      this.found('no-trusted-key', {}, `${why}: something made up by anybody would look the same`);
    } else if (!this.#trustedSeen && !this.#isBroken && this.#count.checkpoints > 0)
      this.found('key-not-trusted', { size }, 'no checkpoint is signed by a key that is trusted for it');
  }
}

const placeText = ({ origin }: Claim, size: number, read: { origin: string; size: number }): string =>
  `where checkpoint ${size} of ${quoted(origin)} should be stands checkpoint ${read.size} of ${quoted(read.origin)}`;

function tooMany(count: number): never {
  throw new RangeError(`${count} hashes are too many`);
}
