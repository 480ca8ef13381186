import * as z from 'zod';
import { type AutomaticKillPorts, automaticKill } from '../kill/automatic-kill.ts';
import { withDeadline } from '../kill/with-deadline.ts';
import { failureOf } from '../launch/failure-of.ts';
import { Refusal } from '../refusal.ts';
import type { StepResult } from '../run-step.ts';
import { readWatched, VenueStep, WATCH } from './venue-step.ts';
import { killReason } from './venue-words.ts';

/** `failure`: what the last look has thrown; left out where the deadline came while nothing could be asked. */
export const KillUnstable = VenueStep.extend({
  failure: z.object({ Error: z.string(), Cause: z.string() }).partial().optional(),
});
export type KillUnstable = z.infer<typeof KillUnstable>;

const READ_DEADLINE_MS = 1_000;

/**
 * Runbook 5.3.3: the kill-switch procedure, by the service itself. It is not asked whether the venue is better by now; only whether there is still
 * something to end (VenueIncidentOver). Whoever cannot tell kills. Throws StoreUnavailable until the kill is durable somewhere, so that it is repeated.
 */
export async function killUnstable(command: KillUnstable, ports: AutomaticKillPorts): Promise<StepResult> {
  const { strategyId, runId, failure } = command;
  const over = await whyOver(command, ports);
  if (over) throw over;
  const reason = failure?.Error === 'VenueKillDue' ? failureOf(failure).message : killReason(command);
  const killed = await automaticKill({ strategyId, reason, by: WATCH, commandId: `${runId}/kill` }, ports);
  const isKept = killed.latched || (killed.changed && killed.spooled);
  if (!isKept)
    throw new Refusal('StoreUnavailable', killed.summary, 'it is killed again until it is kept', { run: killed.runId });
  return { summary: killed.summary, verdict: 'done' };
}

/** Nothing where it goes on, and where nobody can tell in time. */
const whyOver = (command: KillUnstable, ports: AutomaticKillPorts): Promise<Refusal | undefined> =>
  withDeadline(readWatched(command, ports), READ_DEADLINE_MS).then(
    () => undefined,
    (error: unknown) => (error instanceof Refusal && error.code === 'VenueIncidentOver' ? error : undefined),
  );
