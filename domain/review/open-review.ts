import { change, readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import type { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Review } from './review.ts';
import { subjectOf } from './subject-of.ts';

const HOUR_MS = 3_600_000;

/** Runbook 7: opens the review of a run. Not fenced: the strategy may trade again meanwhile. Refuses a machine that was started by hand, which has no recorded intent. */
export async function openReview(command: RunStep, ports: Ports): Promise<StepResult & RunStep> {
  const run = await readRun(command, ports);
  const { strategyId, id: runId, epoch } = run;
  const [subject, { policy }] = await Promise.all([subjectOf(run, ports), readRegistration(strategyId, ports)]);
  const ended = await ports.records.get('RUN', String(run.request['endedBy']));
  const changed = await change<StepResult>(
    strategyId,
    stepKey(command, 'OpenReview'),
    async (state) => {
      const known = await ports.records.get('REVIEW', subject.id);
      const review = known ?? newReview(run, { subject, ended }, policy.reviewHours, ports.now());
      return {
        state,
        entries: [
          {
            type: 'review.opened',
            actor: run.requestedBy,
            run: runId,
            payload: { reviews: subject.id, endedBy: review.endedBy, dueAt: review.dueAt },
          },
        ],
        records: [{ kind: 'REVIEW', record: review }],
        reply: { summary: `the review of ${subject.id} is open, due ${review.dueAt}`, verdict: 'done' },
      };
    },
    ports,
  );
  return { ...withLedgerIndex(changed), strategyId, runId, epoch };
}

/** Due so many hours after it was opened. Whoever asked for the run, or for what ended it, does not close its review. */
function newReview(
  run: Run,
  { subject, ended = subject }: { readonly subject: Run; readonly ended: Run | undefined },
  hours: number,
  now: Date,
): Review {
  return {
    ...{ id: subject.id, strategyId: subject.strategyId, status: 'open', run: run.id, endedBy: ended.id },
    initiators: [...new Set<ActorId>([subject.requestedBy, ended.requestedBy])],
    annotations: 0,
    openedAt: now.toISOString(),
    dueAt: new Date(now.getTime() + hours * HOUR_MS).toISOString(),
  };
}
