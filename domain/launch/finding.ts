import * as z from 'zod';
import { REFUSAL_CODES, Refusal, type RefusalCode } from '../refusal.ts';

/** `warn` is said and holds nobody up; `postpone` is a no for now: the market is closed, and `until` says when it opens. */
export const Verdict = z.enum(['go', 'warn', 'postpone', 'no-go']);
export type Verdict = z.infer<typeof Verdict>;

/** Where something was read, the digest of what stood there, and when. */
export const EvidenceRef = z.object({ source: z.string(), hash: z.string().optional(), observedAt: z.string() });
export type EvidenceRef = z.infer<typeof EvidenceRef>;

/** One thing a gate looked at: what was expected, what was there, and where that was read. A gate returns all of them. */
export const Finding = z.object({
  check: z.string(),
  verdict: Verdict,
  /** A hard no-go cannot be overridden by anyone (product decision 13). */
  hard: z.boolean(),
  expected: z.string(),
  actual: z.string(),
  /** The refusal this finding stands for when it is a no. */
  code: z.enum(REFUSAL_CODES),
  evidence: EvidenceRef,
  /** When what postpones is over, as far as is known. */
  until: z.iso.datetime().optional(),
  /** The override that made a warning of a soft no-go. */
  override: z.string().optional(),
  /** What people do about it, where the finding alone does not say it. */
  next: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

export const GateResult = z.object({
  gate: z.string(),
  summary: z.string(),
  verdict: Verdict,
  findings: z.array(Finding),
});
export type GateResult = z.infer<typeof GateResult>;

type Seen = Omit<Finding, 'verdict' | 'hard' | 'code' | 'until' | 'override'>;

/** A finding from a plain comparison: go when `ok`, else a no-go that nobody overrides. */
export const finding = (ok: boolean, code: RefusalCode, seen: Seen): Finding => ({
  ...seen,
  verdict: ok ? 'go' : 'no-go',
  hard: true,
  code,
});

/** The same, but two designated people may override the no-go (product decision 13). */
export const softFinding = (ok: boolean, code: RefusalCode, seen: Seen): Finding => ({
  ...finding(ok, code, seen),
  hard: false,
});

/** Something to know that holds nobody up. */
export const warning = (code: RefusalCode, seen: Seen): Finding => ({ ...seen, verdict: 'warn', hard: false, code });

/** A no for now (product decision 4): the launch is withdrawn, and people are told until when. */
export const postponement = (seen: Seen, until?: string): Finding => ({
  ...seen,
  verdict: 'postpone',
  hard: true,
  code: 'LaunchPostponed',
  ...(until !== undefined && { until }),
});

const WORST: readonly Verdict[] = ['no-go', 'postpone', 'warn', 'go'];

/** The worst of several verdicts; of none it is a no-go, since nothing was proved. */
export const worstVerdict = (verdicts: readonly Verdict[]): Verdict =>
  WORST.find((each) => verdicts.includes(each)) ?? 'no-go';

/** Whether a launch may go on upon this verdict. */
export const passes = (verdict: Verdict): boolean => verdict === 'go' || verdict === 'warn';

/** The verdict of a gate is that of its worst finding; no findings at all is a no-go, since nothing was proved. */
export function gateResult(gate: string, findings: readonly Finding[]): GateResult {
  const verdict = worstVerdict(findings.map((each) => each.verdict));
  const first = findings.find((each) => each.verdict === verdict);
  const summary =
    first && verdict !== 'go'
      ? `${gate}: ${first.check} is ${first.actual}, expected ${first.expected}`
      : `${gate}: ${findings.length} checks passed`;
  return { gate, summary, verdict, findings: [...findings] };
}

/** The refusal of the first no-go among several gates, else of the first that postpones, carrying every finding; nothing when all pass. */
export function refusalOf(gates: readonly GateResult[]): Refusal | undefined {
  const verdict = worstVerdict(gates.map((gate) => gate.verdict));
  const worst = gates.find((gate) => gate.verdict === verdict);
  if (!worst || passes(verdict)) return undefined;
  const first = worst.findings.find((each) => each.verdict === verdict);
  const findings = gates.flatMap((gate) => gate.findings);
  return new Refusal(first?.code ?? 'NoGo', worst.summary, nextStep(first), { findings });
}

function nextStep(first: Finding | undefined): string {
  if (first?.next !== undefined) return first.next;
  if (first?.verdict !== 'postpone') return 'mend what the findings name, then launch again';
  return first.until ? `launch again when the market opens: ${first.until}` : 'launch again when trading is resumed';
}
