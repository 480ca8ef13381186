import { change } from '../change.ts';
import type { Run } from '../control-record.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { type AuditReport, countsOf, type FiledAudit } from './audit/audit-report.ts';
import { auditRun } from './audit/audit-run.ts';
import { overridesIn } from './audit/requirements-of.ts';
import { readBackTo, readEntries } from './read-entries.ts';
import { readAudit, readFacts } from './read-review-files.ts';
import { readTrust, type TrustPorts } from './read-trust.ts';
import { AUDIT } from './review-files.ts';
import type { RunFacts } from './run-facts.ts';
import type { StoredEntry } from './stored-entry.ts';
import { subjectOf } from './subject-of.ts';

export type AuditPorts = Ports & TrustPorts;

/** Runbook 7.4: audits the run by the stored bytes of its log and of the log `desk`, files the report, and records the result with each failure. */
export async function auditSignatures(command: RunStep, ports: AuditPorts): Promise<StepResult> {
  const review = await readRun(command, ports);
  const subject = await subjectOf(review, ports);
  const { report, hash } = (await readAudit(subject, ports)) ?? (await audit(subject, ports));
  const counts = countsOf(report);
  const summary = `${counts.verified} of ${counts.checked} signatures and second factors verify`;
  const changed = await change<StepResult>(
    command.strategyId,
    stepKey(command, 'AuditSignatures'),
    async (state) => {
      const known = await ports.records.get('REVIEW', subject.id);
      const payload = { reviews: subject.id, ...counts, failures: failuresOf(report), report: hash };
      return {
        state,
        entries: [{ type: 'review.audited', actor: review.requestedBy, run: review.id, payload }],
        records: known ? [{ kind: 'REVIEW', record: { ...known, audit: { ...counts, report: hash } } }] : [],
        reply: { summary, verdict: counts.failed === 0 ? 'go' : 'no-go' },
      };
    },
    ports,
  );
  return withLedgerIndex(changed);
}

const MOST_FAILURES = 50;

/** What failed, for the ledger; the rest stands in the report. */
const failuresOf = ({ checks, altered }: AuditReport) =>
  [
    ...altered.map(({ index, what }) => ({ requirement: `entry ${index}`, verdict: 'failed', why: what })),
    ...checks.filter(({ verdict }) => verdict !== 'verified'),
  ].slice(0, MOST_FAILURES);

async function audit(subject: Run, ports: AuditPorts): Promise<FiledAudit> {
  const filed = await readFacts(subject, ports);
  if (!filed)
    throw new Refusal('EvidenceUnderWay', `the facts of ${subject.id} are not filed yet`, 'wait: it looks again');
  const { from, to, strategy } = filed.facts;
  const log = LogId.parse(strategy);
  const [entries, trust] = await Promise.all([readEntries(log, { from, to }, ports), readTrust(subject, ports)]);
  const earlier = await earlierOverrides(filed.facts, entries, ports);
  const report = auditRun({ run: subject.id, log, from, to, entries, earlier }, trust);
  const { hash } = await writeRunEvidence(subject, AUDIT, report, ports);
  return { report, hash };
}

/** The questions and signatures of overrides that were signed before this run began. */
async function earlierOverrides(
  { from, strategy }: RunFacts,
  entries: readonly StoredEntry[],
  ports: AuditPorts,
): Promise<StoredEntry[]> {
  const asked = new Set<unknown>(overridesIn(entries).map(({ id }) => `${id}-override`));
  if (asked.size === 0) return [];
  const missing = new Set(asked);
  const back = await readBackTo(
    LogId.parse(strategy),
    ({ index, entry }) => {
      if (index < from && entry.type === 'approval.requested') missing.delete(entry.payload['approval']);
      return missing.size === 0;
    },
    ports,
  );
  return back.filter(({ index, entry }) => index < from && asked.has(entry.payload['approval'])).toReversed();
}
