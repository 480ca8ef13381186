import type { Run } from '../control-record.ts';
import { jsonIn } from '../launch/json-in.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { runKey } from '../run-key.ts';
import { AuditReport, type FiledAudit } from './audit/audit-report.ts';
import { AUDIT, FACTS } from './review-files.ts';
import { type FiledFacts, RunFacts } from './run-facts.ts';

type FilePorts = { readonly evidence: Pick<Ports['evidence'], 'read'> };

/** The facts as they were gathered; nothing where they were not yet. */
export async function readFacts(subject: Run, { evidence }: FilePorts): Promise<FiledFacts | undefined> {
  const document = await evidence.read(runKey(subject, FACTS));
  const facts = document && RunFacts.safeParse(jsonIn(document.bytes)).data;
  return document && facts && { facts, hash: document.hash };
}

/** The audit as it was filed; nothing where there is none yet. */
export async function readAudit(subject: Run, { evidence }: FilePorts): Promise<FiledAudit | undefined> {
  const document = await evidence.read(runKey(subject, AUDIT));
  const report = document && AuditReport.safeParse(jsonIn(document.bytes)).data;
  return document && report && { report, hash: document.hash };
}

/** Both, for the states after the audit. Throws EvidenceUnderWay where one is missing. */
export async function readGathered(subject: Run, ports: FilePorts) {
  const [facts, audit] = await Promise.all([readFacts(subject, ports), readAudit(subject, ports)]);
  if (facts && audit)
    return { facts: facts.facts, audit: audit.report, hashes: { facts: facts.hash, audit: audit.hash } };
  throw new Refusal('EvidenceUnderWay', `facts or audit of ${subject.id} are not filed yet`, 'wait: it looks again');
}
