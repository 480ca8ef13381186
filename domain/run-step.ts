import * as z from 'zod';
import { type Changed, change } from './change.ts';
import type { Decision } from './decision.ts';
import { RunId, StrategyId } from './ids.ts';
import { renewLock } from './lock/renew-lock.ts';
import { requireLock } from './lock/require-lock.ts';
import type { Ports } from './ports/ports.ts';
import { Refusal } from './refusal.ts';
import type { Strategy } from './strategy.ts';

/**
 * What every state of a machine hands to its Lambda: the run, and the epoch it was started at, or took its lock at. `locked` stands
 * in what comes after the lock, and happens only while the run holds it (runbook 2.1). References, not payloads.
 */
export const RunStep = z.object({
  strategyId: StrategyId,
  runId: RunId,
  epoch: z.int().min(0),
  locked: z.literal(true).optional(),
});
export type RunStep = z.infer<typeof RunStep>;

/** What every state returns, so that an execution can be read in the AWS console alone (architecture section 5). */
export type StepResult = {
  summary: string;
  verdict: 'done' | 'go' | 'warn' | 'postpone' | 'no-go' | 'nothing-to-do';
  ledgerIndex?: number;
};

/** Refuses a step of a run that is over: killed, stopped, fenced by a newer epoch, or without the lock that it needs. */
export function requireRun(state: Strategy, { runId, epoch, locked }: RunStep, now: Date): Refusal | undefined {
  if (state.latch) {
    return new Refusal(
      'StrategyKilled',
      `${state.id} is killed: ${state.latch.reason}`,
      'recover it before you launch again',
      { by: state.latch.initiatedBy, at: state.latch.at },
    );
  }
  if (state.epoch !== epoch) {
    return new Refusal(
      'StaleEpoch',
      `${state.id} is at epoch ${state.epoch} now; this run holds epoch ${epoch}`,
      'a kill, a stop or a lost lease came between: look at its status',
      {
        held: epoch,
        now: state.epoch,
      },
    );
  }
  if (state.run?.id !== runId) {
    return new Refusal('LaunchAborted', `${state.id} is no longer in the hands of ${runId}`, 'look at its status', {
      heldBy: state.run?.id ?? null,
    });
  }
  return locked || state.lock?.runId === runId ? requireLock(state, runId, now) : undefined;
}

/** One step of a run: fenced, committed once, repeated safely; it renews the lock of the run. `step` is the name of the state's Lambda. */
export async function runStep<Result extends StepResult>(
  command: RunStep,
  step: string,
  decide: (state: Strategy) => Decision<Result> | Refusal | Promise<Decision<Result> | Refusal>,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Result> {
  const changed = await change(
    command.strategyId,
    stepKey(command, step),
    async (state) => {
      const now = ports.now();
      const decided = requireRun(state, command, now) ?? (await decide(state));
      return decided instanceof Refusal ? decided : renewLock(decided, command.runId, now);
    },
    ports,
  );
  return withLedgerIndex(changed);
}

/** The command key of a step: the run and the step's name, so that a repeat finds its own result. */
export const stepKey = ({ runId, epoch }: RunStep, step: string) => ({
  key: `${runId}/${step}`,
  body: { runId, step, epoch },
});

/** The reply with the index of the ledger entry that carries it. */
export const withLedgerIndex = <Result extends StepResult>({ reply, receipt }: Changed<Result>): Result =>
  receipt ? { ...reply, ledgerIndex: receipt.index } : reply;
