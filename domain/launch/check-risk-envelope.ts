import * as z from 'zod';
import type { Digest, StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { type Finding, finding } from './finding.ts';
import { LIMITS_KEY, RiskLimits } from './risk-limits.ts';

/** `limits` is the parsed YAML, or nothing when it is missing or is no YAML. */
export type RiskEnvelopeEvidence = {
  limits: unknown;
  hash?: Digest | undefined;
  approved: Digest | undefined;
  now: Date;
};

/** Runbook 1.4: the stored limits are well formed and exactly the approved ones. What every engine really enforces is compared at go/no-go. */
export function checkRiskEnvelope(
  strategyId: StrategyId,
  { limits, hash, approved, now }: RiskEnvelopeEvidence,
): Finding[] {
  const evidence = { source: LIMITS_KEY, observedAt: now.toISOString(), ...(hash && { hash }) };
  const read = RiskLimits.safeParse(limits);
  const readable = finding(read.success, 'RiskEnvelopeMismatch', {
    check: 'risk.limits-readable',
    expected: 'well-formed limits',
    actual: read.success ? 'well formed' : describe(limits, read.error),
    evidence,
  });
  if (!read.success) return [readable];
  const own = read.data.strategies[strategyId];
  const stored = own ? digestOf(own) : `no limits for ${strategyId}`;
  return [
    readable,
    finding(approved !== undefined && stored === approved, 'RiskEnvelopeMismatch', {
      check: 'risk.limits-approved',
      expected: approved ?? 'limits approved by a manifest',
      actual: stored,
      evidence,
    }),
  ];
}

const describe = (limits: unknown, error: z.ZodError): string =>
  limits === undefined ? 'nothing readable there' : z.prettifyError(error).slice(0, 500);
