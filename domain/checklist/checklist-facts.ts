import type { Delivery } from '../communications/delivery.ts';
import type { Matrix } from '../communications/matrix.ts';
import type { Run } from '../control-record.ts';
import type { Digest } from '../ids.ts';
import type { GoNoGoDecision } from '../launch/go-no-go-decision.ts';
import type { Evidence } from './checklist.ts';

/** Entries of a log from one index on, as they are stored: nothing about them is believed before their leaf hashes are computed again. */
export type LogPart = {
  readonly log: string;
  readonly from: number;
  /** Where reading ended: the size of the log then, unless `cut`. */
  readonly to: number;
  /** True when the log goes on and was not read further. */
  readonly cut: boolean;
  readonly entries: readonly { readonly index: number; readonly leafHash: string; readonly entry: unknown }[];
};

/** A file as it stands in the evidence bucket now: the digest is computed from its bytes. `json` is what they say, of small files whose content counts. */
export type FileNow = { readonly hash: Digest; readonly storedAt: string; readonly json?: unknown };

/** What a checklist is computed from, and nothing else: the same facts give the same checklist to anybody. */
export type ChecklistFacts = {
  /** The trading run: a launch. */
  readonly run: Run;
  /** The strategy's log from the request of the run on. */
  readonly log: LogPart;
  /** By key; what is not there is left out. */
  readonly files: Readonly<Record<string, FileNow>>;
  /** What the bytes of `go-no-go.json` say, by their digest. */
  readonly decision?: { readonly hash: Digest; readonly decision: GoNoGoDecision } | undefined;
  readonly deliveries: readonly Delivery[];
  readonly matrix?: Matrix | undefined;
  /** The newest signed statement about the runbook itself (domain/attestation): the entries that prove it, and when it was signed. */
  readonly runbook?: RunbookFacts | undefined;
};

/** Evidence that somebody has attested the runbook, of the edition that is deployed (`isCurrent`) or of an older one. */
export type RunbookFacts = {
  readonly evidence: readonly Evidence[];
  readonly signedAt: string;
  readonly isCurrent: boolean;
};
