import { change } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { subjectOf } from './subject-of.ts';

/** Runbook 7: a review that has found nothing closes itself; one with findings stays open for people, who close it with a note. */
export async function endReview(command: RunStep, ports: Ports): Promise<StepResult> {
  const review = await readRun(command, ports);
  const subject = await subjectOf(review, ports);
  const changed = await change<StepResult>(
    command.strategyId,
    stepKey(command, 'EndReview'),
    async (state) => {
      const known = await ports.records.get('REVIEW', subject.id);
      const count = known?.findingCount;
      if (known?.status === 'closed')
        return { state, entries: [], reply: { summary: `${known.closedBy} has closed it already`, verdict: 'warn' } };
      if (!known || count !== 0) return { state, entries: [], reply: { summary: leftOpen(count), verdict: 'warn' } };
      const closed = {
        ...known,
        status: 'closed' as const,
        closedAt: ports.now().toISOString(),
        closedBy: review.requestedBy,
      };
      return {
        state,
        entries: [
          {
            type: 'review.closed',
            actor: review.requestedBy,
            run: review.id,
            payload: { reviews: subject.id, findings: 0, note: 'nothing was found' },
          },
        ],
        records: [{ kind: 'REVIEW', record: closed }],
        reply: { summary: `nothing was found: the review of ${subject.id} is closed`, verdict: 'go' },
      };
    },
    ports,
  );
  return withLedgerIndex(changed);
}

const leftOpen = (count = 0): string =>
  `${count} findings: it stays open until somebody has looked at them and closes it with a note`;
