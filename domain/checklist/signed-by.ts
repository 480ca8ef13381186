import * as z from 'zod';
import type { ApprovalKind, Role } from '../approval/approval.ts';
import { digestOf } from '../ledger/digest.ts';
import { wrongProofs } from '../ledger/verify/proof-methods.ts';
import { both, found, lacking, type Need, type Proof } from './need.ts';
import { citing } from './recorded.ts';
import type { SoundEntry } from './sound-log.ts';

const Asked = z.object({ approval: z.string(), kind: z.string(), digest: z.string(), document: z.unknown() });
const Signed = z.object({ approval: z.string(), digest: z.string(), role: z.string() });

export type Question = { readonly entry: SoundEntry; readonly asked: z.infer<typeof Asked> };

/** Which question, and in which roles it has to be signed, each by another person. */
export type WantedSignatures = { readonly kind: ApprovalKind; readonly roles: readonly Role[] };

/** The questions of a kind that the log holds, oldest first. */
export const questionsOf = (entries: readonly SoundEntry[], kind: ApprovalKind): Question[] =>
  entries.flatMap((entry) => {
    if (entry.entry.type !== 'approval.requested') return [];
    const asked = Asked.safeParse(entry.entry.payload).data;
    return asked?.kind === kind ? [{ entry, asked }] : [];
  });

/**
 * People in these roles have signed exactly the document that stands in the log, each signature checked again from its stored proof: no
 * approval in the store is believed.
 */
export const signedBy =
  (wanted: WantedSignatures): Need =>
  (known) => {
    const question = questionsOf(known.course.entries, wanted.kind).at(-1);
    if (!question) return lacking(`nobody was asked for a signature (${wanted.kind})`);
    return signaturesOn(question, wanted, known.course.entries);
  };

/** The same for a question that is known. */
export function signaturesOn(
  { entry, asked }: Question,
  { kind, roles }: WantedSignatures,
  entries: readonly SoundEntry[],
): Proof {
  if (digestOf(asked.document) !== asked.digest) return lacking(`the document of ${asked.approval} is another one`);
  const given = signaturesOf(asked, entries);
  const fitting = roles.map((role) => given.find((each) => each.role === role));
  const missing = roles.filter((_, at) => !fitting[at]).map((role) => `no ${role} has signed (${kind})`);
  const people = new Set(fitting.map((each) => each?.entry.entry.actor));
  const twice = people.size < roles.length ? [`fewer than ${roles.length} people have signed (${kind})`] : [];
  const evidence = fitting.flatMap((each) => (each ? [citing(each.entry)] : []));
  return both(found(citing(entry), ...evidence), lacking(...(missing.length > 0 ? missing : twice)));
}

function signaturesOf({ approval, digest }: z.infer<typeof Asked>, entries: readonly SoundEntry[]) {
  return entries.flatMap((entry) => {
    if (entry.entry.type !== 'approval.signed' || !isProved(entry.entry)) return [];
    const { data } = Signed.safeParse(entry.entry.payload);
    return data?.approval === approval && data.digest === digest ? [{ entry, role: data.role }] : [];
  });
}

/** It holds at least one proof, and none that is wrong. */
export function isProved(entry: SoundEntry['entry']): boolean {
  const { actor, at, log, payload, proofs, seq, type } = entry;
  return proofs.length > 0 && wrongProofs({ actor, at, log, payload, proofs, seq, type }).length === 0;
}
