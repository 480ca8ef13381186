import type { StepResult } from '../run-step.ts';
import type { Latch } from '../strategy.ts';

/** What a repeated kill says of its second person: there is one question for each latch, asked under the run that latched. */
export const askedElsewhere = ({ runId }: Latch): StepResult => ({
  summary: `a second person is asked to confirm under ${runId}, which latched`,
  verdict: 'nothing-to-do',
});
