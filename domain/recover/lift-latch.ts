import { change, readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { Drill } from '../drill/drill.ts';
import { readDrill } from '../drill/read-drill.ts';
import type { Freeze } from '../freeze/freeze.ts';
import { coveringLatches, refuseCovered } from '../kill/covering-latches.ts';
import { unrestricted } from '../ladder/restriction-of.ts';
import { transition } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import type { Latch, Strategy } from '../strategy.ts';
import { carriedBy } from './carried-by.ts';
import { lookAtSafety, type RecoverPorts, refuseUnsafe } from './look-at-safety.ts';
import { requireRecovery } from './require-recovery.ts';

/**
 * Product decision 10: lifts freeze and latch in one write; the strategy is OFF and may be launched again, and nothing more. Looks
 * at everything once more first, since a machine may have stood still in between, and decides on the state that it replaces: a kill that comes
 * before is in it, one that comes after latches anew.
 */
export async function liftLatch(command: RunStep, ports: RecoverPorts): Promise<StepResult> {
  const key = stepKey(command, 'LiftLatch');
  const changed = await change(command.strategyId, key, (state) => lift(state, command, ports), ports);
  return withLedgerIndex(changed);
}

async function lift(state: Strategy, command: RunStep, ports: RecoverPorts): Promise<Decision<StepResult> | Refusal> {
  const latch = requireRecovery(state, command);
  if (latch instanceof Refusal) return latch;
  const carried = await carriedBy(command, state, latch, ports);
  if (carried instanceof Refusal) return carried;
  const gate = await lookAtSafety(command, carried, ports);
  const [run, registration, freeze, drill] = await Promise.all([
    readRun(command, ports),
    readRegistration(command.strategyId, ports),
    ports.records.get('FREEZE', `kill-${command.strategyId}`),
    readDrill(latch.runId, ports),
  ]);
  const covered = refuseCovered(command.strategyId, await coveringLatches(registration, ports));
  const mode = transition(state.mode, 'recover');
  const refusal = refuseUnsafe(gate) ?? covered ?? (mode instanceof Refusal ? mode : undefined);
  if (refusal) return refusal;
  return lifted(state, { command, latch, freeze, drill, by: run.requestedBy, now: ports.now() });
}

type Lifting = {
  command: RunStep;
  latch: Latch;
  freeze: Freeze | undefined;
  /** The rehearsal that the kill was; nothing for a real one. */
  drill: Drill | undefined;
  by: Freeze['by'];
  now: Date;
};

/**
 * The launch or stop that the kill ended holds nothing any more: its steps are fenced by the epoch. It is raised once more here: an engine that
 * got the kill's push after it had learned of the kill otherwise has fenced the kill's own epoch, and could not be armed at it.
 */
function lifted(state: Strategy, { command, latch, freeze, drill, by, now }: Lifting): Decision<StepResult> {
  const { strategyId, runId } = command;
  const { latch: _lifted, lock: _released, run: _ended, ...rest } = unrestricted(state);
  const lift = { liftedAt: now.toISOString(), liftedBy: runId };
  return {
    state: { ...rest, mode: 'OFF', epoch: state.epoch + 1, maxOrdersPerSec: 0 },
    entries: [
      { type: 'freeze.lifted', actor: by, run: runId, payload: { freeze: freeze?.id ?? null } },
      { type: 'recovery.lifted', actor: by, run: runId, payload: { recovers: latch.runId, epoch: state.epoch } },
    ],
    records: [
      ...(freeze ? [{ kind: 'FREEZE' as const, record: { ...freeze, ...lift } }] : []),
      { kind: 'RESTORATION', record: { id: strategyId, recovery: runId, ...(drill && { drill: true }) } },
      ...announce('launch-allowed', { strategyId, runId, drill: drill !== undefined }, now),
    ],
    reply: {
      summary: `${strategyId} is off, and launching it is allowed again; nothing trades${score(drill)}`,
      verdict: 'done',
    },
  };
}

const score = (drill: Drill | undefined): string =>
  drill ? `; the kill was a drill: ${drill.verdict ?? 'not scored'}` : '';
