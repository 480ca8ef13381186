import * as z from 'zod';
import { Role } from '../approval/approval.ts';
import type { Evidence } from './checklist.ts';
import type { Known } from './need.ts';
import type { ItemId } from './runbook-items.ts';
import { questionsOf, signaturesOn } from './signed-by.ts';

/** What a person has signed about an item: their words, and the entries that prove it. */
export type Statement = { readonly statement: string; readonly evidence: readonly Evidence[] };

const Attested = z.object({ item: z.string(), run: z.string(), role: Role, statement: z.string() });

/** The newest statement about an item of this run that somebody in one of these roles has signed, by the entries alone. */
export function standingStatement(item: ItemId, roles: readonly Role[], known: Known): Statement | undefined {
  for (const question of questionsOf(known.course.entries, 'attestation').toReversed()) {
    const about = Attested.safeParse(question.asked.document).data;
    if (about?.item !== item || about.run !== known.facts.run.id || !roles.includes(about.role)) continue;
    const { evidence, missing } = signaturesOn(
      question,
      { kind: 'attestation', roles: [about.role] },
      known.course.entries,
    );
    if (missing.length === 0) return { statement: `${about.role} attests: ${about.statement}`, evidence };
  }
  return undefined;
}
