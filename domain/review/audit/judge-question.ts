import * as z from 'zod';
import type { Role } from '../../approval/approval.ts';
import { digestOf } from '../../ledger/digest.ts';
import type { StoredEntry } from '../stored-entry.ts';
import type { SignatureCheck } from './audit-report.ts';
import { type Trust, wrongSignature } from './wrong-signature.ts';

/** A question that people must have signed before something was done. */
export type Required = {
  readonly item: string;
  /** What was signed, e.g. `the launch of launch-x`. */
  readonly what: string;
  readonly approval: string;
  /** One signature for each: by somebody in one of these roles. */
  readonly roles: readonly (readonly Role[])[];
  /** Index of the entry of what was done: signatures that came later carry nothing. */
  readonly before: number;
  /** Who may not have signed it, and why. */
  readonly notBy?: { readonly people: readonly string[]; readonly why: string } | undefined;
};

const Asked = z.object({
  approval: z.string(),
  digest: z.string(),
  document: z.looseObject({ strategy: z.string(), expiresAt: z.string() }),
});
export type Asked = z.infer<typeof Asked>;

const Given = z.object({ approval: z.string(), digest: z.string(), role: z.string() });
type Given = { readonly stored: StoredEntry; readonly role: string };

/** The document of a question as it was put to people last before that entry. */
export function askedBefore(entries: readonly StoredEntry[], approval: string, before: number): Asked | undefined {
  return entries
    .filter(({ index, entry }) => index < before && entry.type === 'approval.requested')
    .map(({ entry }) => Asked.safeParse(entry.payload).data)
    .findLast((asked) => asked?.approval === approval);
}

/** Whether each role has signed that very document, in time, and two roles are two people: one check for each role. */
export function judgeQuestion(required: Required, entries: readonly StoredEntry[], trust: Trust): SignatureCheck[] {
  const asked = askedBefore(entries, required.approval, required.before);
  const given = asked ? givenTo(asked, entries, required.before) : [];
  const taken = new Set<string>();
  return required.roles.map((roles) => {
    const signed = given.find(({ role, stored }) => fits(roles, role) && !taken.has(stored.entry.actor));
    if (signed) taken.add(signed.stored.entry.actor);
    return checkOf(required, { roles, asked, signed, given }, trust);
  });
}

const fits = (roles: readonly string[], role: string) => roles.includes(role);

function givenTo({ approval, digest }: Asked, entries: readonly StoredEntry[], before: number): Given[] {
  return entries.flatMap((stored) => {
    if (stored.entry.type !== 'approval.signed' || stored.index >= before) return [];
    const said = Given.safeParse(stored.entry.payload).data;
    return said?.approval === approval && said.digest === digest ? [{ stored, role: said.role }] : [];
  });
}

type Looked = {
  readonly roles: readonly string[];
  readonly asked: Asked | undefined;
  readonly signed: Given | undefined;
  readonly given: readonly Given[];
};

function checkOf(required: Required, { roles, asked, signed, given }: Looked, trust: Trust): SignatureCheck {
  const { item, what } = required;
  const requirement = `${what}: ${roles.join(' or ')}`;
  if (!asked) return { item, requirement, verdict: 'missing', why: 'nobody was asked' };
  if (!signed) return { item, requirement, verdict: 'missing', why: whyMissing(roles, given) };
  const { index, entry } = signed.stored;
  const why = wrongAnswer(signed.stored, asked, required) ?? wrongSignature(signed.stored, trust);
  const check = { item, requirement, by: entry.actor, entry: index };
  return why === undefined ? { ...check, verdict: 'verified' } : { ...check, verdict: 'failed', why };
}

function whyMissing(roles: readonly string[], given: readonly Given[]): string {
  const same = given.find(({ role }) => fits(roles, role));
  return same
    ? `${same.stored.entry.actor} has signed in another role already: it takes another person`
    : 'nobody has signed';
}

/** What is wrong with an answer before its mathematics are looked at. */
function wrongAnswer({ entry }: StoredEntry, { digest, document }: Asked, { notBy }: Required): string | undefined {
  if (digestOf(document) !== digest) return 'is over another document than the one that was shown';
  if (document.strategy !== entry.log) return `is about ${document.strategy}`;
  if (document.expiresAt <= entry.at) return `came after the question had expired at ${document.expiresAt}`;
  if (entry.proofs.length === 0) return 'holds no signature at all';
  return notBy?.people.includes(entry.actor) ? notBy.why : undefined;
}
