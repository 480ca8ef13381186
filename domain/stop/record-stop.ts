import { readRegistration, readStrategy } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { ControlRecord, Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { strategyScope } from '../freeze/freeze.ts';
import { transition } from '../mode.ts';
import { endedHalts } from '../planned-halt/close-halts.ts';
import type { PlannedHalts } from '../planned-halt/planned-halt.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { readRun } from '../run-evidence.ts';
import { runKey } from '../run-key.ts';
import type { StepResult } from '../run-step.ts';
import { readSettlement } from '../settle/read-settlement.ts';
import type { Settlement } from '../settle/settlement.ts';
import type { Strategy } from '../strategy.ts';
import type { Drain, LeftOrder } from './drain.ts';
import { drainDeadline } from './drain-deadline.ts';
import { silentVenues } from './judge-drain.ts';
import { lookAtOrders } from './look-at-orders.ts';
import { drainOf } from './note-drain.ts';
import { ordersLeftFreeze } from './orders-left-freeze.ts';
import { orderWords, stayingOrders, stayOf } from './staying-orders.ts';
import { type StopStep, stopStep } from './stop-step.ts';
import { tellEngines } from './tell-engines.ts';

/** What the end of a stop is decided on, beside the strategy and the run. */
export type EndOfStop = {
  readonly now: Date;
  readonly calendar?: PlannedHalts | undefined;
  /** Where the audit event of the flag is kept, and its digest. */
  readonly flagOff?: { readonly key: string; readonly hash: string } | undefined;
  /** What became of the settlement, and the digest of its `settle.json`. */
  readonly settlement?: { readonly verdict: Settlement['verdict']; readonly hash: string } | undefined;
  /** How the drain ended, with the orders that were signed to stay and rest still. */
  readonly drain?: Drain | undefined;
};

/**
 * Runbook 4.6: records the stop with its ticket, releases the lock, and the strategy is OFF. Right before, the venues are asked once more:
 * OrdersResting where anything rests that nobody has signed for, VenueUnreachable while one is silent. The engines are told at once, so that
 * they can be deployed to again; one that is not reached learns it from its next lease.
 */
export async function recordStop(command: StopStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const decide = async (state: Strategy) => {
    const drain = await lastLook(command, registration, run, ports);
    if (drain instanceof Refusal) return drain;
    const [calendar, flagOff, settled] = await Promise.all([
      ports.records.get('PLANNEDHALT', state.id),
      ports.evidence.read(runKey(run, 'flag-off.json')),
      readSettlement(run, ports),
    ]);
    const kept = flagOff && { key: flagOff.key, hash: flagOff.hash };
    const settlement = settled && { verdict: settled.settlement.verdict, hash: settled.hash };
    return endStop(state, run, { now: ports.now(), calendar, flagOff: kept, settlement, drain });
  };
  const result = await stopStep(command, 'RecordStop', decide, ports);
  const { mode, epoch } = await readStrategy(command.strategyId, ports);
  if (mode !== 'OFF') return result; // a repeat that came late: it is launched again
  const drain = await ports.records.get('DRAIN', command.strategyId);
  await tellEngines(registration, { epoch, commandId: `${run.id}/off`, mode: 'SAFE', leave: drain?.left ?? [] }, ports);
  return result;
}

/** The venues' last word before the strategy is OFF. */
async function lastLook(
  command: StopStep,
  registration: Registration,
  run: Run,
  ports: Ports,
): Promise<Drain | Refusal> {
  const before = await ports.records.get('DRAIN', command.strategyId);
  const stay = stayOf(registration, before, command);
  const left = stay.left ?? []; // unsigned, nothing stays
  const seen = await lookAtOrders(registration, ports);
  const silent = silentVenues(seen);
  if (silent) return silent;
  const staying = stayingOrders(seen.orders, { ...stay, left });
  const unsigned = seen.orders.length - staying.length;
  if (unsigned > 0)
    return new Refusal('OrdersResting', `${unsigned} orders rest that nobody has signed for`, 'they are cancelled', {
      venues: seen.venues,
    });
  const rest = left.filter(({ orderId, venue }) =>
    staying.some((order) => order.orderId === orderId && order.venue === venue),
  );
  const noted = { command, until: drainDeadline(run, registration), registration, seen };
  return drainOf(noted, ports.now(), rest.length > 0 ? rest : undefined);
}

/** The rule: only a strategy that is stopping ends here. */
export function endStop(state: Strategy, run: Run, end: EndOfStop): Decision<StepResult> | Refusal {
  const mode = transition(state.mode, 'stopped');
  if (mode instanceof Refusal) return mode;
  const { lock: _released, run: _ended, drained: _over, ...rest } = state;
  const { now, calendar, flagOff, settlement, drain } = end;
  const left = drain?.left ?? [];
  const ticket = run.ticket === undefined ? {} : { ticket: run.ticket };
  const files = { ...(flagOff && { flagOff }), ...(settlement && { settlement }) };
  const payload = { stopped: run.request['stops'], ...files, ...(left.length > 0 && { left }) };
  return {
    state: { ...rest, mode, maxOrdersPerSec: 0 },
    entries: [{ type: 'stop.confirmed', actor: run.requestedBy, run: run.id, ...ticket, payload }],
    records: [
      ...announce('halt-confirmed', { strategyId: state.id, runId: run.id }, now),
      ...endedHalts(calendar, run.id, { status: 'done' }, now),
      ...(drain ? [{ kind: 'DRAIN' as const, record: drain }] : []),
      ...(left.length > 0 ? [freezeFor(state, run, left, now)] : []),
    ],
    reply: {
      summary: `${state.id} is off, its lock is released${left.length > 0 ? `; ${left.length} signed orders rest on` : ''}`,
      verdict: 'done',
    },
  };
}

/** A launch would cancel them when it probes the kill path, so none is begun until they are gone. */
const freezeFor = ({ id }: Strategy, run: Run, left: readonly LeftOrder[], now: Date): ControlRecord => ({
  kind: 'FREEZE',
  record: {
    ...{ id: ordersLeftFreeze(id), scope: strategyScope(id), source: 'orders-left', runId: run.id },
    reason: `${left.length} orders that were signed to stay rest still: ${left.slice(0, 3).map(orderWords).join('; ')}`,
    ...{ by: run.requestedBy, since: now.toISOString() },
  },
});
