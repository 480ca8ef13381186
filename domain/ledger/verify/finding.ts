/** What a verification ends with, from the best to the worst. */
export const VERDICTS = ['sound', 'incomplete', 'unreadable', 'tampered'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Everything that can be wrong, and what the whole is then (docs/ledger-format.md section 8). */
export const FINDING_KINDS = {
  'entry-form': 'tampered',
  'entry-version': 'unreadable',
  'entry-place': 'tampered',
  'entry-not-asked': 'tampered',
  'entry-hidden': 'tampered',
  'left-out-range': 'tampered',
  proof: 'tampered',
  'proof-unknown': 'incomplete',
  'key-change': 'tampered',
  'checkpoint-form': 'tampered',
  'checkpoint-place': 'tampered',
  root: 'tampered',
  signature: 'tampered',
  'key-not-trusted': 'tampered',
  'no-trusted-key': 'incomplete',
  'held-checkpoint': 'tampered',
  'held-unusable': 'incomplete',
  'held-not-compared': 'incomplete',
  receipt: 'tampered',
  'receipt-not-compared': 'incomplete',
  'entries-missing': 'incomplete',
  'checkpoint-missing': 'incomplete',
  'log-missing': 'incomplete',
  overlap: 'tampered',
  'more-than-said': 'tampered',
  'file-cut': 'incomplete',
  unreadable: 'unreadable',
} as const satisfies Record<string, Exclude<Verdict, 'sound'>>;
export type FindingKind = keyof typeof FINDING_KINDS;

/** Where something is wrong: an entry (from 0), a line of the file (from 1), or a checkpoint by its size. */
export type Where = { readonly index?: number; readonly line?: number; readonly size?: number };

/** One thing that is wrong: what, where, and in plain words. */
export type Finding = { readonly kind: FindingKind; readonly where: Where; readonly what: string };

const MOST_KEPT = 100;
const MOST_SERIOUS = 1_000;

/** Findings as they come: the first hundred are kept, all are counted, and the worst of them is the verdict. */
export class Findings {
  readonly kept: Finding[] = [];
  count = 0;
  #serious = 0;
  verdict: Verdict = 'sound';

  add(kind: FindingKind, where: Where, what: string): void {
    this.count += 1;
    if (FINDING_KINDS[kind] !== 'incomplete') this.#serious += 1;
    this.verdict = worstOf([this.verdict, FINDING_KINDS[kind]]);
    if (this.kept.length < MOST_KEPT) this.kept.push({ kind, where, what });
  }

  /** Whether so much is wrong that reading on tells nothing more. */
  get tooMany(): boolean {
    return this.#serious >= MOST_SERIOUS;
  }
}

/** The worst of several verdicts; of none, sound. */
export const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.reduce<Verdict>((worst, each) => (VERDICTS.indexOf(each) > VERDICTS.indexOf(worst) ? each : worst), 'sound');

/** Text of somebody else within a sentence: quoted, and cut where it is long. */
export const quoted = (text: unknown): string => {
  const shown = String(text);
  return `'${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}'`;
};
