import * as z from 'zod';
import { RunId } from '../ids.ts';
import { GateResult, Verdict } from './finding.ts';
import { GoNoGoEvidence } from './go-no-go-evidence.ts';

/** `go-no-go.json`: the verdict with every finding, and the whole evidence that it was reached on. */
export const GoNoGoDecision = z.object({
  v: z.literal(1),
  run: RunId,
  verdict: Verdict,
  gate: GateResult,
  evidence: GoNoGoEvidence,
});
export type GoNoGoDecision = z.infer<typeof GoNoGoDecision>;
