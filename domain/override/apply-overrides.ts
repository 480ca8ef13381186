import type { StrategyId } from '../ids.ts';
import { type Finding, type GateResult, gateResult } from '../launch/finding.ts';
import type { Overridden, StandingOverride } from './override.ts';

/** What is about to be launched, and when. */
export type Launched = {
  readonly strategyId: StrategyId;
  readonly environment: string;
  readonly epoch: number;
  readonly now: Date;
};

/**
 * Turns exactly the soft no-goes of a gate that a standing override was signed for into warnings that name it (product decision 13). A hard no-go stays
 * one whatever anybody has signed; so does a finding that is worse than the one that was signed, and all that is about another strategy,
 * environment or epoch, or comes after the expiry.
 */
export function applyOverrides(
  gate: GateResult,
  overrides: readonly StandingOverride[],
  launched: Launched,
): GateResult {
  const fitting = overrides.filter((each) => fits(each, launched));
  const findings = gate.findings.map((finding) => overridden(finding, fitting));
  return findings.some((each, at) => each !== gate.findings[at]) ? gateResult(gate.gate, findings) : gate;
}

const fits = (override: StandingOverride, { strategyId, environment, epoch, now }: Launched): boolean =>
  override.strategyId === strategyId &&
  override.environment === environment &&
  override.epoch === epoch &&
  now.toISOString() < override.expiresAt;

function overridden(finding: Finding, overrides: readonly StandingOverride[]): Finding {
  if (finding.hard || finding.verdict !== 'no-go') return finding;
  const override = overrides.find(({ findings }) => findings.some((signed) => isNoWorse(signed, finding)));
  return override ? { ...finding, verdict: 'warn', override: override.id } : finding;
}

/** The same check, held against the same bound, and not missed by more; where there is no number to compare, the same check is enough. */
export function isNoWorse(signed: Overridden, { check, code, expected, actual }: Finding): boolean {
  if (signed.check !== check || signed.code !== code || signed.expected !== expected) return false;
  const [before, now] = [Number.parseFloat(signed.actual), Number.parseFloat(actual)];
  if (/^\s*<=?/.test(expected)) return now <= before; // what is no number any more is worse
  if (/^\s*>=?/.test(expected)) return now >= before;
  return true;
}
