import * as z from 'zod';
import type { Caller } from '../approval/caller.ts';
import type { Decision } from '../decision.ts';
import type { RunId } from '../ids.ts';
import type { Mode } from '../mode.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';

/** A validation replays so many of the newest recorded trading minutes. It is a dry-run: there is no other mode. */
export const ValidationRequest = z.strictObject({
  environment: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  windowMinutes: z.int().min(1).max(60).default(15),
  mode: z.literal('dry-run', { error: 'a validation is a dry-run: it sends nothing' }).default('dry-run'),
});
export type ValidationRequest = z.infer<typeof ValidationRequest>;

export type RequestValidation = {
  readonly caller: Caller;
  readonly runId: RunId;
  readonly request: ValidationRequest;
  readonly registration: Pick<Registration, 'environment'>;
  readonly now: Date;
};
export type ValidationRequested = { runId: RunId; execution: RunId; mode: Mode; epoch: number; summary: string };

/**
 * Records the intent to validate (runbook 2.4 on its own). It takes no lock, raises no epoch and changes no mode. Refuses another
 * environment than the registered one, and a strategy that is being stopped or is killed: then nobody asks its engines for anything else.
 */
export function requestValidation(
  state: Strategy,
  { caller, runId, request, registration, now }: RequestValidation,
): Decision<ValidationRequested> | Refusal {
  const refusal = refuseForeign(state, request, registration) ?? refuseBusy(state);
  if (refusal) return refusal;
  const { id: strategyId, mode, epoch } = state;
  return {
    state,
    entries: [{ type: 'validation.requested', actor: caller.subject, run: runId, payload: { ...request, epoch } }],
    records: [
      {
        kind: 'RUN',
        record: {
          ...{ id: runId, machine: 'validate', strategyId, epoch, status: 'RUNNING', request },
          ...{ requestedBy: caller.subject, startedAt: now.toISOString() },
          summary: `validating ${strategyId} over ${request.windowMinutes} recorded minutes`,
        },
      },
    ],
    reply: {
      ...{ runId, execution: runId, mode, epoch },
      summary: `validation of ${strategyId} started as ${runId}; it sends nothing`,
    },
  };
}

/** Refuses a strategy whose engines are being halted or settled. While one trades it may be validated: a replay touches no order (docs/engine-contract.md, Commands). */
export function refuseBusy({ id, mode, latch }: Strategy): Refusal | undefined {
  if (latch)
    return new Refusal('StrategyKilled', `${id} is killed: ${latch.reason}`, 'recover it first', {
      by: latch.initiatedBy,
      at: latch.at,
    });
  if (mode !== 'STOPPING') return undefined;
  return new Refusal('StrategyNotOff', `${id} is being stopped`, 'validate it when the stop has ended', { mode });
}

function refuseForeign(
  { id }: Strategy,
  { environment }: ValidationRequest,
  registered: Pick<Registration, 'environment'>,
): Refusal | undefined {
  if (environment === registered.environment) return undefined;
  return new Refusal(
    'InvalidRequest',
    `${id} is registered for ${registered.environment}, not for ${environment}`,
    `ask for --env ${registered.environment}`,
    { registered: registered.environment },
  );
}
