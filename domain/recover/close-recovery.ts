import * as z from 'zod';
import type { Approval } from '../approval/approval.ts';
import { approvalId } from '../approval/open-approval.ts';
import { change } from '../change.ts';
import type { Failure, Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { failureOf } from '../launch/failure-of.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import { RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';

export const CloseRecovery = RunStep.extend({
  failure: z.object({ Error: z.string().nullish(), Cause: z.string().nullish() }),
});
export type CloseRecovery = z.infer<typeof CloseRecovery>;

const LIFTED: StepResult = { summary: 'the latch was lifted all the same', verdict: 'nothing-to-do' };

/** The end of a recovery that did not get through: the strategy stays killed, what was asked is void, the failure is recorded, and another recovery may begin. */
export async function closeRecovery(command: CloseRecovery, ports: Ports): Promise<StepResult> {
  const run = await readRun(command, ports);
  const failure = failureOf(command.failure);
  const changed = await change(
    command.strategyId,
    stepKey(command, 'CloseRecovery'),
    async (state) => {
      const lifted = await ports.records.get('COMMAND', stepKey(command, 'LiftLatch').key);
      if (lifted) return { state, entries: [], reply: LIFTED };
      return close(state, run, failure, await ports.records.get('APPROVAL', approvalId(command, 'recovery')));
    },
    ports,
  );
  return withLedgerIndex(changed);
}

/** The rule: takes back what this run still holds, which is nothing where a kill or another recovery came after it. */
function close(state: Strategy, run: Run, failure: Failure, asked: Approval | undefined): Decision<StepResult> {
  const { latch } = state;
  return {
    state: latch?.recovery === run.id ? { ...state, latch: withoutRecovery(latch) } : state,
    entries: [{ type: 'recovery.withdrawn', actor: run.requestedBy, run: run.id, payload: { failure } }],
    records: [
      { kind: 'RUN', record: { ...run, failure, summary: `not recovered: ${failure.message}` } },
      ...(asked?.status === 'open'
        ? [{ kind: 'APPROVAL' as const, record: { ...asked, status: 'void' as const } }]
        : []),
    ],
    reply: { summary: `not recovered: ${failure.message}`, verdict: 'done' },
  };
}

function withoutRecovery({ recovery: _over, ...latch }: NonNullable<Strategy['latch']>): Strategy['latch'] {
  return latch;
}
