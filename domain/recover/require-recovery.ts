import { type Changed, change } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Latch, Strategy } from '../strategy.ts';

/** The latch that this run recovers. Refuses a recovery that is over: nothing is killed any more, somebody killed again, or another recovery was asked for. */
export function requireRecovery({ id, epoch, latch }: Strategy, run: Omit<RunStep, 'strategyId'>): Latch | Refusal {
  if (!latch) return new Refusal('StrategyNotKilled', `${id} is not killed any more`, 'look at its status');
  if (epoch !== run.epoch)
    return new Refusal(
      'StaleEpoch',
      `${id} was killed again: it is at epoch ${epoch}, this recovery at ${run.epoch}`,
      'find out why, then recover it anew',
      { held: run.epoch, now: epoch },
    );
  if (latch.recovery === run.runId) return latch;
  return new Refusal('RecoveryUnderWay', `${id} is being recovered by another run`, 'look at that run', {
    run: latch.recovery ?? null,
  });
}

/** One step of a recovery: fenced by any kill, committed once, repeated safely. */
export async function recoveryStep<Result extends StepResult>(
  command: RunStep,
  step: string,
  decide: (state: Strategy, latch: Latch) => Decision<Result> | Refusal | Promise<Decision<Result> | Refusal>,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Result> {
  const changed: Changed<Result> = await change(
    command.strategyId,
    stepKey(command, step),
    (state) => {
      const latch = requireRecovery(state, command);
      return latch instanceof Refusal ? latch : decide(state, latch);
    },
    ports,
  );
  return withLedgerIndex(changed);
}
