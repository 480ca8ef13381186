import { change } from '../change.ts';
import type { Decision } from '../decision.ts';
import { readDrill } from '../drill/read-drill.ts';
import { takenOverHalts } from '../planned-halt/close-halts.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { abortWaiting } from '../stop/abort-waiting.ts';
import type { Strategy } from '../strategy.ts';

const OVER: StepResult = { summary: 'recovered meanwhile: nothing is frozen', verdict: 'nothing-to-do' };

/** Runbook 5.1.4: no new launch of anything until the post-mortem is signed; a launch that waits for people is sent home, a stop is fenced by the kill itself, and the planned halts of the calendar are the kill's now. A drill freezes nothing but its own strategy. */
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
  const drill = await readDrill(command.runId, ports);
  const changed = await change(
    command.strategyId,
    stepKey(command, 'FreezeLaunches'),
    async (state) => {
      const calendar = await ports.records.get('PLANNEDHALT', state.id);
      const { records = [], ...decided } = drill
        ? freezeNothingElse(state, command, aborted)
        : freeze(state, command, aborted, ports.now());
      return { ...decided, records: [...records, ...takenOverHalts(calendar, command.runId, ports.now())] };
    },
    ports,
  );
  return withLedgerIndex(changed);
}

/** The rule: one freeze for each latch, whoever kills again. What has been recovered meanwhile is not frozen again by the machine of a kill that is over. */
export function freeze(state: Strategy, { runId }: RunStep, aborted: number, now: Date): Decision<StepResult> {
  if (!state.latch) return { state, entries: [], reply: OVER };
  const { initiatedBy: by, reason } = state.latch;
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

/** A drill halts its own strategy, which stays latched like any that was killed, and keeps nothing else from being launched. */
function freezeNothingElse({ latch, ...state }: Strategy, { runId }: RunStep, aborted: number): Decision<StepResult> {
  if (!latch) return { state, entries: [], reply: OVER };
  const payload = { scope: state.id, source: 'drill', reason: latch.reason, aborted };
  return {
    state: { ...state, latch },
    entries: [{ type: 'freeze.set', actor: latch.initiatedBy, run: runId, payload }],
    reply: {
      summary: `a drill: no launch of ${state.id} until it is recovered; all others may be launched`,
      verdict: 'done',
    },
  };
}
