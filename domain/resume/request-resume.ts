import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { RunId } from '../ids.ts';
import { refuseCovered } from '../kill/covering-latches.ts';
import type { ScopeLatch } from '../kill/scope-latch.ts';
import type { GateResult } from '../launch/finding.ts';
import { refusalOf } from '../launch/finding.ts';
import { refuseLocked } from '../lock/refuse-locked.ts';
import { LOCK_MS } from '../lock/renew-lock.ts';
import { takeOver } from '../lock/take-over.ts';
import { transition } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';

export const ResumeRequest = z.strictObject({
  reason: z.string().trim().min(1).max(500),
  ticket: z.string().min(1).max(64).optional(),
});
export type ResumeRequest = z.infer<typeof ResumeRequest>;

export type RequestResume = {
  caller: Caller;
  runId: RunId;
  request: ResumeRequest;
  /** What freezes say of the strategy. */
  freezes: GateResult;
  /** Latches of scopes that cover the strategy. */
  latches: readonly ScopeLatch[];
  /** The run that the strategy is in the hands of. */
  under: Run | undefined;
  now: Date;
};
/** What asking decides: its run is always among its records. */
export type Resuming = Decision<ResumeRequested> & Required<Pick<Decision, 'records'>>;
export type ResumeRequested = { runId: RunId; execution: RunId; mode: 'SAFE'; epoch: number; summary: string };

/**
 * Records the intent to resume what lost its lease (product decision 9). It stays SAFE until two people have signed and everything is
 * looked at again. Refuses what is not SAFE, what it, or a scope that covers it, is killed or frozen, and a second
 * resumption beside one that is under way; one whose lock has expired is taken over.
 */
export function requestResume(before: Strategy, command: RequestResume): Resuming | Refusal {
  const { caller, runId, freezes, latches, now } = command;
  const { state, entries } = takeOver(before, { runId, actor: caller.subject }, now);
  const mode = transition(state.mode, 'resume');
  const refusal =
    (mode instanceof Refusal ? mode : undefined) ??
    refuseCovered(state.id, latches) ??
    refuseLocked(state, undefined, now) ??
    refuseSecond(state, command) ??
    refusalOf([freezes]);
  return refusal ?? resuming(state, command, entries);
}

/** One that has no lock yet is under way as long as its first states may take; it has no lease that could say so. */
function refuseSecond({ id }: Strategy, { under, now }: RequestResume): Refusal | undefined {
  if (under?.machine !== 'resume' || under.status !== 'RUNNING') return undefined;
  if (now.getTime() - Date.parse(under.startedAt) > LOCK_MS) return undefined;
  return new Refusal('DeploymentLocked', `${id} is being resumed by ${under.id}`, 'sign there, or wait for its end', {
    ...{ heldBy: under.id, actor: under.requestedBy, action: 'resume' },
    ...{ since: under.startedAt, until: null },
  });
}

function resuming(
  state: Strategy,
  { caller, runId, request, now }: RequestResume,
  taken: Decision['entries'],
): Resuming {
  const { id, epoch } = state;
  const ticket = request.ticket ?? state.run?.ticket;
  const of = ticket === undefined ? {} : { ticket };
  const asked = { reason: request.reason, resumes: state.run?.id ?? null };
  return {
    state: { ...state, run: { id: runId, ...of } },
    entries: [
      ...taken,
      { type: 'resume.requested', actor: caller.subject, run: runId, ...of, payload: { ...asked, epoch } },
    ],
    records: [
      {
        kind: 'RUN',
        record: {
          ...{ id: runId, machine: 'resume', strategyId: id, epoch, status: 'RUNNING' },
          ...{ requestedBy: caller.subject, startedAt: now.toISOString(), ...of },
          request: asked,
          summary: `resuming ${id}: ${request.reason}`,
        },
      },
    ],
    reply: {
      ...{ runId, execution: runId, mode: 'SAFE', epoch },
      summary: `resumption of ${id} started as ${runId}; it stays SAFE until two people have signed`,
    },
  };
}
