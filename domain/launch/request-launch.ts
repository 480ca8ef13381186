import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import type { Decision } from '../decision.ts';
import type { Freeze } from '../freeze/freeze.ts';
import { Digest, type RunId } from '../ids.ts';
import { refuseCovered } from '../kill/covering-latches.ts';
import type { ScopeLatch } from '../kill/scope-latch.ts';
import { refuseLocked } from '../lock/refuse-locked.ts';
import { takeOver } from '../lock/take-over.ts';
import { transition } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { checkFreezes } from './check-freezes.ts';
import { gateResult, refusalOf } from './finding.ts';

export const LaunchRequest = z.strictObject({
  environment: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  artifact: Digest.optional(),
  ticket: z.string().min(1).max(64).optional(),
});
export type LaunchRequest = z.infer<typeof LaunchRequest>;

export type RequestLaunch = {
  caller: Caller;
  runId: RunId;
  request: LaunchRequest;
  freezes: readonly Freeze[];
  /** Latches of scopes that cover the strategy. */
  latches?: readonly ScopeLatch[];
  /** Digest of the plan that whoever launches has seen. */
  plan?: Digest | undefined;
  now: Date;
};
export type LaunchRequested = { runId: RunId; execution: RunId; mode: 'LAUNCHING'; epoch: number; summary: string };

/**
 * Records the intent to launch (runbook 2): the strategy is LAUNCHING from here, and the machine that is then started finds
 * its intent. Refuses while it, or a scope that covers it, is killed, while it is frozen, locked, or anything but OFF. A launch
 * whose lock has expired is taken over.
 */
export function requestLaunch(
  before: Strategy,
  { caller, runId, request, freezes, latches = [], plan, now }: RequestLaunch,
): Decision<LaunchRequested> | Refusal {
  const { state, entries } = takeOver(before, { runId, actor: caller.subject }, now);
  const mode = transition(state.mode, 'launch');
  const refusal =
    (state.mode === 'LAUNCHING' ? refuseLocked(state, undefined, now) : undefined) ?? // then the lock says more than the mode
    (mode instanceof Refusal ? mode : (refuseCovered(state.id, latches) ?? refuseLocked(state, undefined, now))) ??
    refusalOf([gateResult('freezes', checkFreezes(freezes, now))]);
  if (refusal) return refusal;
  const ticket = request.ticket === undefined ? {} : { ticket: request.ticket };
  return {
    state: { ...state, mode: 'LAUNCHING', run: { id: runId, ...ticket } },
    entries: [
      ...entries,
      {
        type: 'launch.requested',
        actor: caller.subject,
        run: runId,
        ...ticket,
        payload: { ...request, ...(plan && { plan }), epoch: state.epoch },
      },
    ],
    records: [
      {
        kind: 'RUN',
        record: {
          id: runId,
          machine: 'launch',
          strategyId: state.id,
          epoch: state.epoch,
          status: 'RUNNING',
          requestedBy: caller.subject,
          startedAt: now.toISOString(),
          ...ticket,
          request,
          summary: `launching ${state.id} in ${request.environment}`,
        },
      },
    ],
    reply: {
      runId,
      execution: runId,
      mode: 'LAUNCHING',
      epoch: state.epoch,
      summary: `launch of ${state.id} started as ${runId}`,
    },
  };
}
