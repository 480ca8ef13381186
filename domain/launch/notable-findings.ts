import type { GateResult } from './finding.ts';

/** A failed state's cause holds 32,768 characters on AWS: what passed on dozens of instances is in the archived report and the ledger. */
const AT_MOST = 40;

/** The gates with what did not pass only, so that a refusal by many instances is still read whole. Their verdicts are as they were. */
export const notableFindings = (gates: readonly GateResult[]): GateResult[] =>
  gates.map((gate) => ({
    ...gate,
    findings: gate.findings.filter(({ verdict }) => verdict !== 'go').slice(0, AT_MOST),
  }));
