import * as z from 'zod';
import { firstEntryAfter } from '../checklist/first-entry-after.ts';
import type { Proof } from '../checklist/need.ts';
import { readLogPart } from '../checklist/read-log-part.ts';
import { questionsOf, signaturesOn } from '../checklist/signed-by.ts';
import { soundLog } from '../checklist/sound-log.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Statement } from './attestation.ts';

/** What a log has within the half hour in which a statement is signed; of a strategy that is launched then, some hundreds. */
const MOST_ENTRIES = 2_000;

/** A statement with the entries that prove its signature; `missing` says what keeps it from counting. */
export type SignedStatement = { readonly statement: Statement; readonly proof: Proof; readonly signedAt?: string };

/**
 * Looks in the ledger whether a statement was signed: its question with exactly its words, and a signature in its role that verifies from its
 * stored proof. The record that names it is believed in nothing but where to look.
 */
export async function signedStatement(
  statement: Statement,
  { ledger }: { readonly ledger: Pick<Ports['ledger'], 'page'> },
): Promise<SignedStatement> {
  const log = LogId.parse(statement.strategyId);
  const from = await firstEntryAfter(log, statement.at, { ledger });
  const { entries } = soundLog(await readLogPart(log, from, { ledger }, MOST_ENTRIES));
  const question = questionsOf(entries, 'attestation').find(({ asked }) => isAbout(asked.document, statement));
  if (!question) return { statement, proof: { evidence: [], missing: [`${statement.id} does not stand in ${log}`] } };
  const proof = signaturesOn(question, { kind: 'attestation', roles: [statement.role] }, entries);
  const signedAt = proof.evidence.at(-1)?.at;
  return { statement, proof, ...(proof.missing.length === 0 && signedAt !== undefined && { signedAt }) };
}

const Signed = z.looseObject({ expiresAt: z.string() });
const SIGNED = ['item', 'statement', 'role', 'run', 'checklist', 'runbook', 'trace'] as const;

function isAbout(document: unknown, statement: Statement): boolean {
  const { data } = Signed.safeParse(document);
  return data?.expiresAt === statement.expiresAt && SIGNED.every((name) => data[name] === statement[name]);
}
