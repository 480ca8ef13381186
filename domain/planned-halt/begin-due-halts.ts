import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { requestStop, type StopRequested } from '../stop/request-stop.ts';
import type { Strategy } from '../strategy.ts';
import { runOfHalt } from './halt-run.ts';
import { keptPlannedHalts, type PlannedHalt, type PlannedHalts, scheduledIn } from './planned-halt.ts';

type SweepPorts = Pick<Ports, 'strategies' | 'records' | 'executions' | 'now' | 'jitter'>;
type Begun = Pick<StopRequested, 'started' | 'epoch'>;

/** The halts whose time has come, however long ago: a sweep that comes late begins them all the same. */
const dueHalts = (calendars: readonly PlannedHalts[], now: Date): { strategyId: StrategyId; halt: PlannedHalt }[] =>
  calendars.flatMap((calendar) => {
    const halt = scheduledIn(calendar);
    return halt && halt.at <= now.toISOString() ? [{ strategyId: calendar.id, halt }] : [];
  });

/** Begins the stops whose time has come, each exactly once; what is off by then, or killed, is left as it is, which people are told. Answers how many machines were started. */
export async function beginDueHalts(ports: SweepPorts): Promise<number> {
  const due = dueHalts(await ports.records.all('PLANNEDHALT'), ports.now());
  const begun = await Promise.all(due.map(({ strategyId, halt }) => beginHalt(strategyId, halt, ports)));
  return begun.filter(Boolean).length;
}

async function beginHalt(strategyId: StrategyId, halt: PlannedHalt, ports: SweepPorts): Promise<boolean> {
  const decide = async (state: Strategy) => {
    const [calendar, under] = await Promise.all([
      ports.records.get('PLANNEDHALT', strategyId),
      state.run && ports.records.get('RUN', state.run.id),
    ]);
    const command = { caller: { subject: halt.by }, runId: runOfHalt(strategyId, halt), under, now: ports.now() };
    const request = { ...given(halt), planned: halt.id };
    return begin(state, calendar, requestStop(state, { ...command, request, calendar }), halt, ports.now());
  };
  const { reply } = await change(strategyId, { key: `${halt.id}/begin`, body: { halt: halt.id } }, decide, ports);
  if (reply.started === null) return false;
  await ports.executions.start('stop', reply.started, { strategyId, runId: reply.started, epoch: reply.epoch });
  return true;
}

const given = ({ reason, ticket }: PlannedHalt) => ({
  ...(reason !== undefined && { reason }),
  ...(ticket !== undefined && { ticket }),
});

/** The rule: a halt that is not scheduled any more begins nothing; one that finds nothing to stop is done, and says so. */
function begin(
  state: Strategy,
  calendar: PlannedHalts | undefined,
  stop: Decision<StopRequested>,
  { id, by }: PlannedHalt,
  now: Date,
): Decision<Begun> {
  const scheduled = scheduledIn(calendar);
  if (!calendar || scheduled?.id !== id) return { state, entries: [], reply: { started: null, epoch: state.epoch } };
  const { started, epoch, summary } = stop.reply;
  if (started !== null) return { ...stop, reply: { started, epoch } };
  const status = state.latch ? ('taken-over' as const) : ('done' as const);
  const over: PlannedHalt = { ...scheduled, status, until: now.toISOString(), outcome: summary };
  const next = calendar.halts.map((each) => (each.id === id ? over : each));
  const told = { strategyId: state.id, runId: state.run?.id, occasion: id, halt: id };
  return {
    state: stop.state,
    entries: [...stop.entries, { type: 'halt.skipped', actor: by, payload: { halt: over } }],
    records: [
      { kind: 'PLANNEDHALT', record: keptPlannedHalts(state.id, next, now) },
      ...announce('halt-skipped', { ...told, reason: summary }, now),
    ],
    reply: { started: null, epoch },
  };
}
