import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import type { Run } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import type { RunId } from '../ids.ts';
import { refuseCovered } from '../kill/covering-latches.ts';
import type { ScopeLatch } from '../kill/scope-latch.ts';
import { type Filed, signedPostMortem } from '../post-mortem/sign-off.ts';
import { Refusal } from '../refusal.ts';
import type { Latch, Strategy } from '../strategy.ts';

/** `acceptExposure`: why positions may stay open; without it all have to be closed. */
export const RecoveryRequest = z.strictObject({
  ticket: z.string().min(1).max(64).optional(),
  acceptExposure: z.strictObject({ reason: z.string().trim().min(1).max(500) }).optional(),
});
export type RecoveryRequest = z.infer<typeof RecoveryRequest>;

export type RequestRecovery = {
  caller: Caller;
  runId: RunId;
  request: RecoveryRequest;
  /** Latches of scopes that cover the strategy. */
  latches: readonly ScopeLatch[];
  /** The recovery that was asked for last, if any. */
  under: Run | undefined;
  /** The post-mortem of the latch that stands. */
  filed: Filed;
  now: Date;
};
export type RecoveryRequested = { runId: RunId; execution: RunId; mode: 'KILLED'; epoch: number; summary: string };

/** A recovery that was asked for longer ago has no machine any more: its states take an hour together. */
const LASTS_MS = 3_600_000;

/**
 * Records the intent to recover a killed strategy (product decision 10); it stays killed. Refuses what is not killed, what a
 * killed scope covers, a kill that is not confirmed and certified (product decision 1), a latch without a signed
 * post-mortem, and a second recovery beside one that is under way.
 */
export function requestRecovery(state: Strategy, command: RequestRecovery): Decision<RecoveryRequested> | Refusal {
  const { id, epoch, latch } = state;
  if (!latch) return new Refusal('StrategyNotKilled', `${id} is not killed`, 'there is nothing to recover');
  const postMortem = signedPostMortem(command.filed, latch.runId);
  const refusal =
    refuseCovered(id, command.latches) ??
    refuseUnproved(latch) ??
    (postMortem instanceof Refusal ? postMortem : undefined) ??
    refuseSecond(state, command);
  return refusal ?? recovering(state, latch, command, epoch);
}

/** Product decision 1: a kill that nobody else has confirmed, or whose venues have not all said that nothing rests, blocks its recovery. */
function refuseUnproved({ runId, confirmedBy, certificate }: Latch): Refusal | undefined {
  if (confirmedBy !== undefined && certificate !== undefined) return undefined;
  return new Refusal(
    'KillNotProved',
    confirmedBy === undefined ? `no second person has confirmed ${runId}` : `${runId} has no certificate yet`,
    'its certificate is made when every venue says that nothing rests and a second person has confirmed the kill: look at the run',
    { run: runId },
  );
}

/** One that a later kill has fenced is over, whatever its machine still does. */
function refuseSecond({ id, epoch }: Strategy, { under, now }: RequestRecovery): Refusal | undefined {
  if (under?.status !== 'RUNNING' || under.epoch !== epoch) return undefined;
  if (now.getTime() - Date.parse(under.startedAt) > LASTS_MS) return undefined;
  return new Refusal('RecoveryUnderWay', `${id} is being recovered by ${under.id}`, 'sign there, or wait for its end', {
    run: under.id,
    since: under.startedAt,
  });
}

function recovering(
  state: Strategy,
  latch: Latch,
  { caller, runId, request, now }: RequestRecovery,
  epoch: number,
): Decision<RecoveryRequested> {
  const ticket = request.ticket === undefined ? {} : { ticket: request.ticket };
  return {
    state: { ...state, latch: { ...latch, recovery: runId } },
    entries: [
      {
        type: 'recovery.requested',
        actor: caller.subject,
        run: runId,
        ...ticket,
        payload: { ...request, recovers: latch.runId, epoch },
      },
    ],
    records: [
      {
        kind: 'RUN',
        record: {
          ...{ id: runId, machine: 'recover', strategyId: state.id, epoch, status: 'RUNNING' },
          ...{ requestedBy: caller.subject, startedAt: now.toISOString(), ...ticket },
          request: { ...request, recovers: latch.runId },
          summary: `recovering ${state.id} from ${latch.runId}`,
        },
      },
    ],
    reply: {
      ...{ runId, execution: runId, mode: 'KILLED', epoch },
      summary: `recovery of ${state.id} started as ${runId}; it stays killed until two people have signed`,
    },
  };
}
