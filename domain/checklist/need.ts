import type { Evidence } from './checklist.ts';
import type { ChecklistFacts } from './checklist-facts.ts';
import type { Course } from './course-of-run.ts';

/**
 * What rules look at: the facts, the course of the run as the sound entries of its log tell it, and whether the archived go/no-go decision
 * follows from its evidence.
 */
export type Known = { readonly facts: ChecklistFacts; readonly course: Course; readonly decisionFollows: boolean };

/** What was found for one need, and what was not. It is met when nothing is missing. */
export type Proof = { readonly evidence: readonly Evidence[]; readonly missing: readonly string[] };

/** One thing that an item needs to be ticked. */
export type Need = (known: Known) => Proof;

export const found = (...evidence: readonly Evidence[]): Proof => ({ evidence, missing: [] });
export const lacking = (...missing: readonly string[]): Proof => ({ evidence: [], missing });

/** Several proofs as one: met when each of them is. */
export const both = (...proofs: readonly Proof[]): Proof => ({
  evidence: proofs.flatMap(({ evidence }) => evidence),
  missing: proofs.flatMap(({ missing }) => missing),
});

/** Met when every one of them is. */
export const allOf =
  (...needs: readonly Need[]): Need =>
  (known) =>
    both(...needs.map((need) => need(known)));
