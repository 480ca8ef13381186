import { change } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { findingsOf } from './findings-of.ts';
import { issueFile, issuePage } from './issue-page.ts';
import { readReviewed } from './read-reviewed.ts';
import { MOST_KEPT } from './review.ts';
import { subjectOf } from './subject-of.ts';

/** A run of thousands of lost leases is one problem, not thousands: the summary lists all of them, and so many are filed. */
const MOST_FILED = 200;
const AT_ONCE = 10;

/** Runbook 7.3: one retrospective issue for each finding, written once as a file of the run, for a tracker to take up. */
export async function fileIssues(command: RunStep, ports: Ports): Promise<StepResult> {
  const review = await readRun(command, ports);
  const subject = await subjectOf(review, ports);
  const findings = findingsOf(await readReviewed(subject, ports));
  const numbered = findings.slice(0, MOST_FILED).map((finding, at) => ({ ...finding, number: at + 1 }));
  const issues: { key: string; hash: string }[] = [];
  for (let from = 0; from < numbered.length; from += AT_ONCE)
    issues.push(
      ...(await Promise.all(
        numbered
          .slice(from, from + AT_ONCE)
          .map((each) => writeRunEvidence(subject, issueFile(each), issuePage(subject.id, each), ports)),
      )),
    );
  const codes = [...new Set(findings.map(({ code }) => code))];
  const changed = await change<StepResult>(
    command.strategyId,
    stepKey(command, 'FileIssues'),
    async (state) => {
      const known = await ports.records.get('REVIEW', subject.id);
      const counted = { findings: findings.slice(0, MOST_KEPT), findingCount: findings.length };
      return {
        state,
        entries: [
          {
            type: 'review.issues-filed',
            actor: review.requestedBy,
            run: review.id,
            payload: { reviews: subject.id, count: findings.length, codes, issues },
          },
        ],
        records: known ? [{ kind: 'REVIEW', record: { ...known, ...counted } }] : [],
        reply: {
          summary: findings.length === 0 ? 'nothing was found' : `${findings.length} found: ${codes.join(', ')}`,
          verdict: 'done',
        },
      };
    },
    ports,
  );
  return withLedgerIndex(changed);
}
