import * as z from 'zod';
import { REFUSAL_CODES, Refusal, type RefusalCode } from '../refusal.ts';

/** One thing a gate looked at: what was expected, what was there, and where that was read. A gate returns all of them. */
export const Finding = z.object({
  check: z.string(),
  verdict: z.enum(['go', 'no-go']),
  /** A hard no-go cannot be overridden by anyone (product decision 13). */
  hard: z.boolean(),
  expected: z.string(),
  actual: z.string(),
  /** The refusal this finding stands for when it is a no. */
  code: z.enum(REFUSAL_CODES),
  evidence: z.object({ source: z.string(), hash: z.string().optional(), observedAt: z.string() }).optional(),
});
export type Finding = z.infer<typeof Finding>;

export const GateResult = z.object({
  gate: z.string(),
  summary: z.string(),
  verdict: z.enum(['go', 'no-go']),
  findings: z.array(Finding),
});
export type GateResult = z.infer<typeof GateResult>;

/** A finding from a plain comparison: go when `ok`. */
export const finding = (ok: boolean, code: RefusalCode, rest: Omit<Finding, 'verdict' | 'hard' | 'code'>): Finding => ({
  ...rest,
  verdict: ok ? 'go' : 'no-go',
  hard: true,
  code,
});

/** The verdict of a gate is that of its worst finding; no findings at all is a no-go, since nothing was proved. */
export function gateResult(gate: string, findings: readonly Finding[]): GateResult {
  const first = findings.find(({ verdict }) => verdict === 'no-go');
  const verdict = first || findings.length === 0 ? 'no-go' : 'go';
  const summary = first
    ? `${gate}: ${first.check} is ${first.actual}, expected ${first.expected}`
    : `${gate}: ${findings.length} checks passed`;
  return { gate, summary, verdict, findings: [...findings] };
}

/** The refusal of the first no-go among several gates, carrying every finding; nothing when all say go. */
export function refusalOf(gates: readonly GateResult[]): Refusal | undefined {
  const failed = gates.filter(({ verdict }) => verdict === 'no-go');
  const [worst] = failed;
  if (!worst) return undefined;
  const first = worst.findings.find(({ verdict }) => verdict === 'no-go');
  const findings = gates.flatMap((gate) => gate.findings);
  return new Refusal(first?.code ?? 'NoGo', worst.summary, 'mend what the findings name, then launch again', {
    findings,
  });
}
