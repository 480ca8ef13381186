import type { TradingMode } from '../engine/trading-mode.ts';
import type { Digest, StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import type { FileProblem } from '../ports/read-yaml.ts';
import { type EvidenceRef, type Finding, finding, warning } from './finding.ts';
import { LIMITS_KEY, type RiskLimits } from './risk-limits.ts';

/** The limits file as it was read; nothing when it is missing. */
export type LimitsRead =
  | { readonly value: RiskLimits; readonly problems?: undefined }
  | { readonly value?: undefined; readonly problems: readonly FileProblem[] };

/** What one engine instance enforces now, by digest (null: nothing was ever deployed there), or why nobody knows. */
export type EngineLimits =
  | { readonly instanceId: string; readonly limitsDigest: string | null; readonly mode: TradingMode }
  | { readonly instanceId: string; readonly silent: string };

export type RiskEnvelopeEvidence = {
  readonly limits: LimitsRead | undefined;
  readonly hash?: Digest | undefined;
  readonly approved: Digest | undefined;
  readonly engines: readonly EngineLimits[];
  readonly now: Date;
};

/** Modes in which an engine may have orders of its own at a venue. */
const TRADING: ReadonlySet<TradingMode> = new Set<TradingMode>(['ACTIVE', 'THROTTLED', 'REDUCE_ONLY']);
const MOST_PROBLEMS = 5;

/**
 * Runbook 1.4: the stored limits are well formed, exactly the approved ones, and every engine answers. One that still enforces earlier
 * limits is only a warning, since the deployment replaces them; where it trades on them, it is a no-go that names it.
 */
export function checkRiskEnvelope(strategyId: StrategyId, given: RiskEnvelopeEvidence): Finding[] {
  const { limits, hash, approved, engines, now } = given;
  const evidence = { source: LIMITS_KEY, observedAt: now.toISOString(), ...(hash && { hash }) };
  const readable = finding(limits?.value !== undefined, 'RiskEnvelopeMismatch', {
    check: 'risk.limits-readable',
    expected: 'well-formed limits',
    actual: wellFormed(limits),
    evidence,
  });
  const effective = engines.map((engine) => checkEngine(engine, approved, now));
  if (!limits?.value) return [readable, ...effective];
  return [readable, checkStored(strategyId, limits.value, approved, evidence), ...effective];
}

function checkStored(id: StrategyId, limits: RiskLimits, approved: Digest | undefined, evidence: EvidenceRef): Finding {
  const own = limits.strategies[id];
  const stored = own ? digestOf(own) : `no limits for ${id}`;
  return finding(approved !== undefined && stored === approved, 'RiskEnvelopeMismatch', {
    check: 'risk.limits-approved',
    expected: approved ?? 'limits approved by a manifest',
    actual: stored,
    evidence,
  });
}

function checkEngine(engine: EngineLimits, approved: Digest | undefined, now: Date): Finding {
  const { instanceId } = engine;
  const evidence = { source: `risk/live/status of ${instanceId}`, observedAt: now.toISOString() };
  const expected = approved ?? 'the approved limits';
  const seen = (actual: string) => ({ check: `risk.effective.${instanceId}`, expected, actual, evidence });
  if ('silent' in engine) return finding(false, 'EngineUnreachable', seen(`no answer: ${engine.silent}`));
  const { limitsDigest, mode } = engine;
  if (limitsDigest === null) return finding(true, 'RiskEnvelopeMismatch', seen('none yet: the deployment loads them'));
  if (limitsDigest === approved) return finding(true, 'RiskEnvelopeMismatch', seen(limitsDigest));
  if (TRADING.has(mode))
    return finding(false, 'RiskEnvelopeMismatch', seen(`${limitsDigest}, and it is ${mode} upon them`));
  return warning('RiskEnvelopeMismatch', seen(`${limitsDigest} still: the deployment replaces them`));
}

/** The first mistakes, each with its line. */
function wellFormed(limits: LimitsRead | undefined): string {
  if (!limits) return 'nothing there';
  if (limits.value) return 'well formed';
  const told = limits.problems.slice(0, MOST_PROBLEMS).map(problemText);
  const more = limits.problems.length - told.length;
  return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** As compilers say it, so that an editor finds the place. */
export const problemText = ({ line, column, reason }: FileProblem): string =>
  `${LIMITS_KEY}:${line}:${column}: ${reason}`;
