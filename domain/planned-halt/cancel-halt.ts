import type { Caller } from '../approval/caller.ts';
import { type Changed, change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import type { StrategyId } from '../ids.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import type { CancellationRequest } from './cancellation-request.ts';
import { keptPlannedHalts, type PlannedHalt, type PlannedHalts } from './planned-halt.ts';

export type CancelHalt = {
  readonly caller: Pick<Caller, 'subject'>;
  readonly strategyId: StrategyId;
  readonly haltId: string;
  readonly key: string;
  readonly request: CancellationRequest;
};
export type Cancelled = { readonly halt: PlannedHalt; readonly summary: string };

/** Takes a planned halt out of the calendar, announced, until it begins. Refuses (HaltNotScheduled) one that has begun, is over, or was cancelled; NotFound for one that the strategy does not have. */
export async function cancelHalt(
  command: CancelHalt,
  ports: Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>,
): Promise<Changed<Cancelled>> {
  const { strategyId, haltId, key, request } = command;
  return change(
    strategyId,
    { key, body: { cancelHalt: haltId, ...request } },
    async (state) => cancel(state, await ports.records.get('PLANNEDHALT', strategyId), command, ports.now()),
    ports,
  );
}

function cancel(
  state: Strategy,
  calendar: PlannedHalts | undefined,
  { caller, haltId, request }: CancelHalt,
  now: Date,
): Decision<Cancelled> | Refusal {
  const halts = calendar?.halts ?? [];
  const halt = halts.find(({ id }) => id === haltId);
  if (!halt) return unknown(state, haltId);
  if (halt.status !== 'scheduled') return hasBegun(halt);
  const reason = cleanReason(request.reason);
  const outcome = `cancelled by ${caller.subject}: ${reason}`;
  const cancelled: PlannedHalt = { ...halt, status: 'cancelled', until: now.toISOString(), outcome };
  const next = halts.map((each) => (each.id === haltId ? cancelled : each));
  const told = { strategyId: state.id, runId: state.run?.id, occasion: halt.id, halt: halt.id };
  return {
    state,
    entries: [
      {
        type: 'halt.cancelled',
        actor: caller.subject,
        ...(state.run && { run: state.run.id }),
        payload: { halt: cancelled, reason },
      },
    ],
    records: [
      { kind: 'PLANNEDHALT', record: keptPlannedHalts(state.id, next, now) },
      ...announce('halt-cancelled', { ...told, when: `${halt.at} (${halt.asked})`, reason }, now),
    ],
    reply: { halt: cancelled, summary: `${state.id} does not stop at ${halt.at} any more: ${halt.id} is cancelled` },
  };
}

const unknown = ({ id }: Strategy, haltId: string) =>
  new Refusal('NotFound', `${id} has no planned halt ${haltId.slice(0, 40)}`, 'look at the calendar');

const NEXT: Readonly<Record<PlannedHalt['status'], string>> = {
  scheduled: 'cancel it',
  'under-way': 'a stop under way goes through to its end; launch again when it is done',
  done: 'it is stopped: launch it again',
  failed: 'stop it again: what was begun is not done',
  cancelled: 'nothing is left to do',
  'taken-over': 'it was killed: recover it, then launch again',
};

const hasBegun = ({ id, status, run }: PlannedHalt): Refusal =>
  new Refusal('HaltNotScheduled', `${id} is ${status}${run ? ` as ${run}` : ''}`, NEXT[status], { status });
