import type { ChecklistItem, Evidence } from './checklist.ts';
import { both, type Known, lacking, type Proof } from './need.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';
import { type ItemId, RUNBOOK_ITEMS } from './runbook-items.ts';
import { standingStatement } from './standing-statement.ts';

const MOST_NAMED = 3;

/**
 * Judges one item. Only evidence ticks it; where none can, a signed statement attests it; and where the log is not whole nothing does, since
 * nobody knows what stood there. Nothing that somebody set in a record counts.
 */
export function judgeItem(id: ItemId, known: Known, wrong: readonly string[]): ChecklistItem {
  const rule = RULES[id];
  const item = { id, text: RUNBOOK_ITEMS[id] };
  const said = rule.attestedBy && standingStatement(id, rule.attestedBy, known);
  if (wrong.length > 0) return { ...item, ...open(both(proofOf(rule, known), notWhole(wrong)), rule) };
  if (said) return { ...item, status: 'attested', reason: said.statement, evidence: [...said.evidence], missing: [] };
  const reason = rule.unless?.(known);
  if (reason !== undefined) return { ...item, status: 'not-applicable', reason, evidence: [], missing: [] };
  const proof = proofOf(rule, known);
  const evidence = onceEach(proof.evidence);
  if (proof.missing.length > 0 || evidence.length === 0) return { ...item, ...open(proof, rule) };
  return { ...item, status: 'ticked', evidence, missing: [] };
}

function proofOf({ needs, of = [] }: Rule, known: Known): Proof {
  return both(...(needs ? [needs(known)] : []), ...of.map((id) => restingOn(id, known)));
}

/** Another item, as what this one rests on. */
function restingOn(id: ItemId, known: Known): Proof {
  const { status, evidence, missing } = judgeItem(id, known, []);
  return status === 'open'
    ? both({ evidence, missing: [] }, lacking(...missing.map((each) => `${id}: ${each}`)))
    : { evidence, missing: [] };
}

const notWhole = (wrong: readonly string[]): Proof =>
  lacking(...wrong.slice(0, MOST_NAMED).map((each) => `the log is not whole: ${each}`));

function open(
  { evidence, missing }: Proof,
  { next }: Rule,
): Pick<ChecklistItem, 'status' | 'evidence' | 'missing' | 'next'> {
  return { status: 'open', evidence: onceEach(evidence), missing: [...new Set(missing)], next };
}

const onceEach = (evidence: readonly Evidence[]): Evidence[] => [
  ...new Map(evidence.map((each) => [`${each.source} ${each.hash}`, each])).values(),
];
