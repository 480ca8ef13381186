import type { RunbookFacts } from '../checklist/checklist-facts.ts';
import type { Ports } from '../ports/ports.ts';
import { RUNBOOK, type Statement } from './attestation.ts';
import { type SignedStatement, signedStatement } from './signed-statement.ts';

type LogPorts = { readonly ledger: Pick<Ports['ledger'], 'page'> };
type RunbookPorts = LogPorts & { readonly records: Pick<Ports['records'], 'get'> };

/** The newest of these statements that the ledger shows to be signed. */
export async function newestSigned(
  statements: readonly Statement[],
  ports: LogPorts,
): Promise<SignedStatement | undefined> {
  for (const statement of statements) {
    const signed = await signedStatement(statement, ports);
    if (signed.signedAt !== undefined) return signed;
  }
  return undefined;
}

/** The newest signed statement about the runbook, as evidence for a checklist; nothing where nobody has signed one. */
export async function attestedRunbook(ports: RunbookPorts): Promise<RunbookFacts | undefined> {
  const [edition, attestation] = await Promise.all([
    ports.records.get('RUNBOOK', 'runbook'),
    ports.records.get('ATTESTATION', RUNBOOK),
  ]);
  const signed = await newestSigned(attestation?.statements ?? [], ports);
  if (signed?.signedAt === undefined) return undefined;
  const { statement, proof, signedAt } = signed;
  const isCurrent = statement.runbook === edition?.text && statement.trace === edition?.trace;
  return { evidence: proof.evidence, signedAt, isCurrent };
}
