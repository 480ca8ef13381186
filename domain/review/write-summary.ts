import { change } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { readReviewed } from './read-reviewed.ts';
import { SUMMARY } from './review-files.ts';
import { subjectOf } from './subject-of.ts';
import { summaryPage } from './summary-page.ts';

/** Runbook 7.1 and 7.2: the summary of the run, written once into its folder, with its digest in the ledger. */
export async function writeSummary(command: RunStep, ports: Ports): Promise<StepResult> {
  const review = await readRun(command, ports);
  const subject = await subjectOf(review, ports);
  const page = summaryPage(await readReviewed(subject, ports));
  const { key, hash } = await writeRunEvidence(subject, SUMMARY, page, ports);
  const changed = await change<StepResult>(
    command.strategyId,
    stepKey(command, 'WriteSummary'),
    async (state) => {
      const known = await ports.records.get('REVIEW', subject.id);
      return {
        state,
        entries: [
          {
            type: 'review.summarised',
            actor: review.requestedBy,
            run: review.id,
            payload: { reviews: subject.id, summary: { key, hash } },
          },
        ],
        records: known ? [{ kind: 'REVIEW', record: { ...known, summary: hash } }] : [],
        reply: { summary: `${key} is ${hash}`, verdict: 'done' },
      };
    },
    ports,
  );
  return withLedgerIndex(changed);
}
