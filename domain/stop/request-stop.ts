import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { RunId } from '../ids.ts';
import { unrestricted } from '../ladder/restriction-of.ts';
import { transition } from '../mode.ts';
import { begunHalts } from '../planned-halt/close-halts.ts';
import type { PlannedHalts } from '../planned-halt/planned-halt.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';

/** Safety is never refused for form: anything that is no usable text counts as not given (product decision 2). */
export const StopRequest = z
  .object({
    reason: z.string().optional().catch(undefined),
    ticket: z.string().min(1).max(64).optional().catch(undefined),
  })
  .catch({});
export type StopRequest = z.infer<typeof StopRequest>;

export type RequestStop = {
  caller: Pick<Caller, 'subject'>;
  runId: RunId;
  /** `planned`: the halt of the calendar whose time has come. */
  request: StopRequest & { readonly planned?: string };
  /** The run that the strategy is in the hands of, if any. */
  under: Run | undefined;
  /** The planned halts of the strategy: a stop begins the one that is scheduled, sooner than it was to. */
  calendar?: PlannedHalts | undefined;
  now: Date;
};
export type StopRequested = {
  runId: RunId | null;
  execution: RunId | null;
  mode: Strategy['mode'];
  epoch: number;
  summary: string;
  /** The machine that has to be started, when this stop is the one that begins. */
  started: RunId | null;
};

/**
 * Begins a planned stop (runbook 4) from whatever mode it is in: new orders end here, since the epoch rises and STOPPING
 * allows only closing ones. Something OFF or KILLED needs no stop: that succeeds and says so. A stop under way stays as it is;
 * one whose machine has ended early begins anew.
 */
export function requestStop(state: Strategy, command: RequestStop): Decision<StopRequested> {
  const { caller, runId, request, under, calendar, now } = command;
  const mode = transition(state.mode, 'stop');
  const underWay = state.mode === mode && under?.status === 'RUNNING';
  if (mode instanceof Refusal || underWay) return nothingToStop(state, caller, request);
  const ticket = request.ticket ?? state.run?.ticket;
  const inherited = ticket === undefined ? {} : { ticket };
  const epoch = state.epoch + 1;
  const { drained: _before, ...rest } = unrestricted(state); // of a stop that a kill took over, or whose machine has ended early
  return {
    state: { ...rest, mode, epoch, run: { id: runId, ...inherited } },
    entries: [
      {
        type: 'stop.requested',
        actor: caller.subject,
        run: runId,
        ...inherited,
        payload: { ...request, from: state.mode, stopped: state.run?.id ?? null, epoch },
      },
    ],
    records: [
      {
        kind: 'RUN',
        record: {
          id: runId,
          machine: 'stop',
          strategyId: state.id,
          epoch,
          status: 'RUNNING',
          requestedBy: caller.subject,
          startedAt: now.toISOString(),
          ...inherited,
          request: { ...request, stops: state.run?.id ?? null },
          summary: `stopping ${state.id}`,
        },
      },
      ...begunHalts(calendar, runId, now),
    ],
    reply: {
      runId,
      execution: runId,
      mode,
      epoch,
      summary: `stopping ${state.id} as ${runId}: no new orders from now on`,
      started: runId,
    },
  };
}

/** It is off, killed, or stopping already: asking for it is recorded all the same. */
function nothingToStop(
  state: Strategy,
  caller: Pick<Caller, 'subject'>,
  request: StopRequest,
): Decision<StopRequested> {
  const { id, mode, epoch, run } = state;
  const under = mode === 'STOPPING' && run ? run.id : null;
  const summary = under
    ? `${id} is stopping already as ${under}`
    : `${id} is ${mode === 'KILLED' ? 'killed: it is halted already, and only recovery leaves that' : 'off already: nothing to stop'}`;
  return {
    state,
    entries: [
      { type: 'stop.requested', actor: caller.subject, payload: { ...request, effect: 'nothing to stop', mode } },
    ],
    reply: { runId: under, execution: under, mode, epoch, summary, started: null },
  };
}
