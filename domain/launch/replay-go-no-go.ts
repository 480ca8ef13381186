import { canonicalJson } from '../ledger/canonical-json.ts';
import type { GateResult, Verdict } from './finding.ts';
import { goNoGo } from './go-no-go.ts';
import type { GoNoGoDecision } from './go-no-go-decision.ts';

/** What was archived, and what the same evidence says now; `same` is the verdict and every finding. */
export type Replay = {
  readonly same: boolean;
  readonly archived: Verdict;
  readonly recomputed: Verdict;
  readonly gate: GateResult;
  /** Checks that are found otherwise than they were archived. */
  readonly differs: readonly string[];
};

/** Judges an archived launch again, on its own evidence and on nothing else: the clock of whoever asks does not matter. */
export function replayGoNoGo({ verdict, gate: archived, evidence }: GoNoGoDecision): Replay {
  const gate = goNoGo(evidence);
  const before = new Map(archived.findings.map((finding) => [finding.check, canonicalJson(finding)]));
  const after = new Map(gate.findings.map((finding) => [finding.check, canonicalJson(finding)]));
  const checks = [...new Set([...before.keys(), ...after.keys()])];
  const differs = checks.filter((check) => before.get(check) !== after.get(check));
  const verdicts = new Set([verdict, archived.verdict, gate.verdict]);
  return {
    same: verdicts.size === 1 && differs.length === 0,
    archived: verdict,
    recomputed: gate.verdict,
    gate,
    differs,
  };
}
