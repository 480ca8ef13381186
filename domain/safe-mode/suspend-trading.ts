import { announce } from '../communications/announce.ts';
import type { ControlRecord, Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { ActorId, RunId } from '../ids.ts';
import { unrestricted } from '../ladder/restriction-of.ts';
import { type Mode, transition } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import type { SafeMode, SafeModeCause } from './safe-mode.ts';

export type SuspendTrading = {
  cause: SafeModeCause;
  reason: string;
  actor: ActorId;
  runId: RunId;
  now: Date;
};

export type Suspended = {
  /** The run that looks after it from here on; none where nothing was to be suspended. */
  runId: RunId | null;
  epoch: number;
  mode: Mode;
  changed: boolean;
  summary: string;
};

/**
 * Runbook 5.2.1 and 3.4, the rule: what trades becomes SAFE at a new epoch, whatever locks, freezes or versions say. A launch under way is
 * withdrawn, since nobody may resume what never went through its gates. What is OFF, stopping or killed is left to that, and the reply says
 * so. A person who asks again has everything verified again at a new epoch, which ends a resumption under way; the watchdog does so only
 * where market data is out and nobody knew.
 */
export function suspendTrading(state: Strategy, command: SuspendTrading): Decision<Suspended> {
  if (state.mode === 'LAUNCHING') return withdrawLaunch(state, command);
  const mode = transition(state.mode, 'suspend');
  if (state.latch || mode instanceof Refusal) return nothing(state, command, `${WHY_NOT[state.mode]}`, null);
  const { safeMode } = state;
  if (mode === state.mode && safeMode && isKnown(safeMode, command))
    return nothing(state, command, `it is in safe mode already: ${safeMode.reason}`, safeMode.runId);
  return enter(state, command, mode);
}

const WHY_NOT: Partial<Record<Mode, string>> = {
  OFF: 'it is off: nothing trades',
  STOPPING: 'it is stopping: it takes no new orders, and its stop drains it; kill it if it has to be halted at once',
  KILLED: 'it is killed: it is halted already',
};

const isKnown = (before: SafeMode, { cause }: SuspendTrading): boolean =>
  cause !== 'manual' && (cause !== 'market-data' || before.cause === 'market-data');

/** People's requests are recorded all the same. */
function nothing(
  state: Strategy,
  { cause, reason, actor }: SuspendTrading,
  why: string,
  runId: RunId | null,
): Decision<Suspended> {
  const { id, mode, epoch } = state;
  const entry = { type: 'safe-mode.requested', actor, payload: { cause, reason, effect: 'nothing to suspend', mode } };
  return {
    state,
    entries: cause === 'manual' ? [entry] : [],
    reply: {
      ...{ runId, epoch, mode, changed: false },
      summary: `nothing is changed at ${id}: ${why}`,
    },
  };
}

/** Its machine finds the epoch gone, and undoes what it has done. */
function withdrawLaunch(state: Strategy, { cause, reason, actor }: SuspendTrading): Decision<Suspended> {
  const { run, ...rest } = state;
  const epoch = state.epoch + 1;
  const payload = { cause, reason, from: state.mode, withdrawn: run?.id ?? null, epoch };
  return {
    state: { ...rest, mode: 'OFF', epoch },
    entries: [{ type: 'safe-mode.launch-withdrawn', actor, ...(run && { run: run.id }), payload }],
    reply: {
      ...{ runId: null, epoch, mode: 'OFF', changed: true },
      summary: `the launch of ${state.id} is withdrawn: it was not live yet`,
    },
  };
}

function enter(state: Strategy, command: SuspendTrading, mode: Mode): Decision<Suspended> {
  const { id } = state;
  const { reason, actor, runId, now } = command;
  const before = state.mode === 'SAFE' ? state.safeMode : undefined;
  const epoch = state.epoch + 1;
  const safeMode = safeModeOf(command, before);
  const run = runOf({ ...state, epoch }, safeMode, before);
  const { cause, incident } = safeMode;
  const payload = {
    cause,
    reason,
    from: state.mode,
    epoch,
    trading: state.run?.id ?? null,
    incident: incident ?? null,
  };
  const ticket = state.run?.ticket === undefined ? {} : { ticket: state.run.ticket };
  return {
    state: { ...unrestricted(state), mode, epoch, safeMode },
    entries: [{ type: before ? 'safe-mode.reaffirmed' : 'safe-mode.entered', actor, run: runId, ...ticket, payload }],
    records: [{ kind: 'RUN', record: { ...run, ...ticket } }, ...told(id, safeMode, before, now)],
    reply: {
      ...{ runId, epoch, mode, changed: true },
      summary: `${id} is ${mode}: no new orders, and what rests is being cancelled (${runId})`,
    },
  };
}

/** An outage that stands goes on: its incident is looked after by the new run. */
function safeModeOf({ cause, reason, actor, runId, now }: SuspendTrading, before: SafeMode | undefined): SafeMode {
  const own = { runId, reason, by: actor, at: now.toISOString() };
  if (before?.cause === 'market-data') return { ...before, ...own };
  return { ...own, cause, ...(cause === 'market-data' && { incident: incidentOf(runId) }) };
}

/** The data incident that a run of safe mode opens. */
const incidentOf = (runId: RunId): string => `data-incident-${runId.replace(/^safe-mode-/, '')}`;

const runOf = ({ id, epoch, run }: Strategy, safeMode: SafeMode, before: SafeMode | undefined): Run => ({
  ...{ id: safeMode.runId, machine: 'safe-mode', strategyId: id, epoch, status: 'RUNNING' },
  ...{ requestedBy: safeMode.by, startedAt: safeMode.at },
  request: {
    ...{ cause: safeMode.cause, reason: safeMode.reason, trading: run?.id ?? null },
    ...{ reaffirms: before?.runId ?? null, incident: safeMode.incident ?? null },
  },
  summary: `safe mode of ${id}: ${safeMode.reason}`,
});

/** Once for each trouble: whoever reaffirms what stands tells nobody anew. */
function told(
  strategyId: Strategy['id'],
  { runId, cause, reason, incident }: SafeMode,
  before: SafeMode | undefined,
  now: Date,
): ControlRecord[] {
  if (before && (cause !== 'market-data' || before.cause === 'market-data')) return [];
  if (cause === 'market-data') return announce('data-incident', { strategyId, runId, reason, incident }, now);
  return announce('preemptive-halt', { strategyId, runId, reason, cause }, now);
}
