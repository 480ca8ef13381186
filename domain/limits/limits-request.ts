import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import type { ApprovalId, Digest, StrategyId } from '../ids.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { EvidenceDocument, EvidenceStore } from '../ports/evidence.ts';
import type { Ports } from '../ports/ports.ts';
import type { LimitsChange } from './limits-change.ts';
import type { LimitsDifference } from './limits-differences.ts';

/** `file`: the whole of `configs/risk/limits.yaml` as it is to be. */
export const LimitsRequest = z.strictObject({
  file: z.string().min(1).max(60_000),
  reason: z.string().trim().min(1).max(500),
});
export type LimitsRequest = z.infer<typeof LimitsRequest>;

export type ChangeLimits = {
  readonly caller: Caller;
  readonly strategyId: StrategyId;
  readonly key: string;
  readonly request: LimitsRequest;
};

export type LimitsChanged = {
  readonly strategyId: StrategyId;
  /** `asked`: two people sign first, then the same file is applied again. `unchanged`: that is what is stored. */
  readonly status: 'asked' | 'applied' | 'unchanged';
  readonly differences: readonly LimitsDifference[];
  readonly approval?: ApprovalId;
  readonly summary: string;
  readonly receipt?: Receipt | undefined;
};

export type LimitsPorts = Pick<
  Ports,
  'strategies' | 'records' | 'demoAuthenticators' | 'readYaml' | 'now' | 'jitter'
> & {
  readonly evidence: Pick<EvidenceStore, 'read'>;
  /** The limits file and nothing else of the evidence bucket. */
  readonly riskLimits: Pick<EvidenceStore, 'replace'>;
};

/** The file that is stored, the one that is to be, and what is known of changes before. */
export type LimitsAtHand = {
  readonly stored: EvidenceDocument | undefined;
  readonly newFile: Digest;
  readonly record: LimitsChange | undefined;
};
