import { change } from '../change.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { abortWaiting } from '../stop/abort-waiting.ts';
import type { Strategy } from '../strategy.ts';

/** Runbook 5.1.4: no new launch of anything until the post-mortem is signed; a launch that waits for people is sent home, a stop is fenced by the kill itself. */
export async function freezeLaunches(command: RunStep, ports: Ports): Promise<StepResult> {
  const aborted = await abortWaiting(
    command.strategyId,
    new Refusal(
      'StrategyKilled',
      `a kill of ${command.strategyId} ends what was under way`,
      'recover it before you launch again',
    ),
    ports,
  );
  const changed = await change(
    command.strategyId,
    stepKey(command, 'FreezeLaunches'),
    (state) => freeze(state, command, aborted, ports.now()),
    ports,
  );
  return withLedgerIndex(changed);
}

/** The rule: one freeze for each latch, whoever kills again. */
export function freeze(state: Strategy, { runId }: RunStep, aborted: number, now: Date): Decision<StepResult> {
  const by = state.latch?.initiatedBy ?? ActorId.parse('service:kill');
  const reason = state.latch?.reason ?? 'not given';
  return {
    state,
    entries: [
      { type: 'freeze.set', actor: by, run: runId, payload: { scope: 'all', source: 'kill', reason, aborted } },
    ],
    records: [
      {
        kind: 'FREEZE',
        record: {
          id: `kill-${state.id}`,
          scope: 'all',
          source: 'kill',
          reason: `kill of ${state.id}: ${reason}`,
          runId,
          by,
          since: now.toISOString(),
        },
      },
    ],
    reply: { summary: 'no new launches until the post-mortem is signed', verdict: 'done' },
  };
}
