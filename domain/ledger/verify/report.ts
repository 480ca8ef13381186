import { FINDING_KINDS, type Finding, type Verdict } from './finding.ts';

/** What a verification ends with; times of a log are not judged, what is said in `notes` changes no verdict. */
export type Report = {
  readonly verdict: Verdict;
  readonly log: string;
  readonly origin: string;
  /** Entries of the tree that was claimed. */
  readonly size: number;
  /** Entries that were shown, and those of which only hashes were. */
  readonly entries: number;
  readonly omitted: number;
  readonly checkpoints: number;
  /** The largest size that a trusted signature proves, before the first thing that is wrong. */
  readonly trustedUpTo: number;
  /** What can still be trusted, in one sentence. */
  readonly proved: string;
  /** The newest checkpoint that is proved: worth keeping, to be given to the next verification. */
  readonly newestCheckpoint: ProvedCheckpoint | null;
  readonly findings: readonly Finding[];
  /** All of them, where more were found than are kept. */
  readonly findingCount: number;
  readonly notes: readonly string[];
};

/** A checkpoint with its note, so that it can be kept. `root` in hex. */
export type ProvedCheckpoint = { readonly size: number; readonly root: string; readonly note: string };

/** `entry 5`, `entries 5 to 9`, `no entries`: the entries `[begin, end)`. */
export function entriesText(begin: number, end: number): string {
  if (begin === end) return 'no entries';
  return end - begin === 1 ? `entry ${begin}` : `entries ${begin} to ${end - 1}`;
}

/** `entry 5 is missing`, `entries 5 to 9 are missing`. */
export const missingText = (begin: number, end: number): string =>
  `${entriesText(begin, end)} ${end - begin === 1 ? 'is' : 'are'} missing`;

/** What can still be trusted, in one sentence. */
export function provedText({ trustedUpTo, size }: { trustedUpTo: number; size: number }): string {
  if (size === 0 && trustedUpTo === 0) return 'there is no entry to prove';
  if (trustedUpTo === 0) return 'nothing is proved: no trusted signature covers any entry before the first problem';
  const verb = trustedUpTo === 1 ? 'is as it was' : 'are as they were';
  const proved = `${entriesText(0, trustedUpTo)} ${verb} when checkpoint ${trustedUpTo} was signed`;
  return trustedUpTo === size ? proved : `${proved}; from ${trustedUpTo} on nothing is proved`;
}

/** The report about something that could not even be begun to verify. */
export const emptyReport = (log: string, finding: Finding): Report => ({
  ...{
    verdict: FINDING_KINDS[finding.kind],
    log,
    origin: '',
    size: 0,
    entries: 0,
    omitted: 0,
    checkpoints: 0,
    trustedUpTo: 0,
  },
  ...{ proved: 'nothing is proved', newestCheckpoint: null, findings: [finding], findingCount: 1, notes: [] },
});
