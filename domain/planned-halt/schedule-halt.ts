import type { Caller } from '../approval/caller.ts';
import { type Changed, change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Decision } from '../decision.ts';
import type { StrategyId } from '../ids.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { keptPlannedHalts, type PlannedHalt, type PlannedHalts, scheduledIn } from './planned-halt.ts';
import { ScheduleRequest } from './schedule-request.ts';
import { type HaltMoment, whenToHalt } from './when-to-halt.ts';

export type ScheduleHalt = {
  readonly caller: Pick<Caller, 'subject'>;
  readonly strategyId: StrategyId;
  readonly key: string;
  readonly request: ScheduleRequest;
};
export type Scheduled = { readonly halt: PlannedHalt; readonly note?: string; readonly summary: string };
type SchedulePorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/** What a body has to name for being a schedule: anything that is not left out. */
const OF_A_SCHEDULE = ['at', 'timeZone', 'on'] as const;

/** Whether the body of a stop asks for a later one, well-formed or not: then it is never taken for a stop at once. */
export const isSchedule = (body: unknown): boolean => OF_A_SCHEDULE.some((name) => name in given(body));

/** The body of a schedule. Throws InvalidRequest, which names every field that is not as it should be. */
export function readSchedule(body: unknown): ScheduleRequest {
  const { success, data, error } = ScheduleRequest.safeParse(given(body));
  if (success) return data;
  const wrong = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Refusal('InvalidRequest', `nothing is scheduled, and nothing stopped: ${wrong}`, WHAT_TO_GIVE, {
    fields: error.issues.map(({ path }) => path.join('.')),
  });
}

const WHAT_TO_GIVE =
  'give at (HH:MM) and timeZone (IANA), and on (YYYY-MM-DD) where it is not the next such time; or none of them, to stop now';

/** The members of a body; what is null counts as left out. */
const given = (body: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(Object(body)).filter(([, value]) => value !== null && value !== undefined));

/**
 * Runbook 4.1: puts a halt into the trading calendar, announced now and again when it begins. Refuses (InvalidRequest) a time that is over or
 * more than seven days ahead, a second one for the strategy (HaltScheduled), and one for what is killed.
 */
export async function scheduleHalt(
  { caller, strategyId, key, request }: ScheduleHalt,
  ports: SchedulePorts,
): Promise<Changed<Scheduled>> {
  return change(
    strategyId,
    { key, body: { schedule: request } },
    async (state) => {
      const moment = whenToHalt(request, ports.now());
      if (moment instanceof Refusal) return moment;
      const halt = haltOf(key, caller, request, moment);
      return schedule(state, await ports.records.get('PLANNEDHALT', strategyId), halt, moment.note, ports.now());
    },
    ports,
  );
}

function haltOf(key: string, { subject }: ScheduleHalt['caller'], request: ScheduleRequest, moment: HaltMoment) {
  const { timeZone, reason, ticket } = request;
  return {
    id: `halt-${sha256(`planned-halt/${key}`).toString('hex').slice(0, 12)}`,
    ...{ at: moment.at.toISOString(), status: 'scheduled' as const, by: subject, asked: moment.asked, timeZone },
    ...(reason !== undefined && { reason: cleanReason(reason) }),
    ...(ticket !== undefined && { ticket }),
  };
}

function schedule(
  state: Strategy,
  calendar: PlannedHalts | undefined,
  halt: PlannedHalt,
  note: string | undefined,
  now: Date,
): Decision<Scheduled> | Refusal {
  const standing = scheduledIn(calendar);
  if (state.latch) return killed(state);
  if (standing) return hasOne(state, standing);
  const { id, at, asked, by, ticket, reason } = halt;
  const when = `${at} (${asked}${note === undefined ? '' : `; ${note}`})`;
  const told = { strategyId: state.id, runId: state.run?.id, occasion: id, halt: id, when, reason };
  return {
    state,
    entries: [
      {
        type: 'halt.scheduled',
        actor: by,
        ...(state.run && { run: state.run.id }),
        ...(ticket !== undefined && { ticket }),
        payload: { halt, ...(note !== undefined && { note }) },
      },
    ],
    records: [
      { kind: 'PLANNEDHALT', record: keptPlannedHalts(state.id, [...(calendar?.halts ?? []), halt], now) },
      ...announce('halt-scheduled', told, now),
    ],
    reply: {
      halt,
      ...(note !== undefined && { note }),
      summary: `${state.id} stops at ${when} as ${id}, unless it is cancelled before`,
    },
  };
}

const killed = ({ id, latch }: Strategy) =>
  new Refusal('StrategyKilled', `${id} is killed: ${latch?.reason}`, 'it is halted already; recover it first');

const hasOne = ({ id: strategy }: Strategy, { id, at, asked }: PlannedHalt) =>
  new Refusal('HaltScheduled', `${strategy} stops at ${at} (${asked}) already, as ${id}`, `cancel ${id} first`, {
    halt: id,
    at,
  });
