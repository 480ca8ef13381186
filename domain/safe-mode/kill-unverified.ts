import * as z from 'zod';
import { ActorId } from '../ids.ts';
import { type AutomaticKillPorts, automaticKill } from '../kill/automatic-kill.ts';
import { failureOf } from '../launch/failure-of.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { RunStep, type StepResult } from '../run-step.ts';
import { readSafe } from './safe-mode-step.ts';

export const KillUnverified = RunStep.extend({
  failure: z.object({ Error: z.string().nullish(), Cause: z.string().nullish() }),
});
export type KillUnverified = z.infer<typeof KillUnverified>;

/** Product decision 6: what nobody could verify in time is killed. Throws SafeModeOver where it was resumed, stopped or killed meanwhile, and StoreUnavailable until the kill is durable. */
export async function killUnverified(command: KillUnverified, ports: Ports & AutomaticKillPorts): Promise<StepResult> {
  const { strategyId, runId, failure } = command;
  await readSafe(command, ports);
  const reply = await automaticKill(
    {
      strategyId,
      reason: `its safe mode could not be verified: ${failureOf(failure).message}`,
      by: ActorId.parse('service:safe-mode'),
      commandId: `${runId}/unverified`,
    },
    ports,
  );
  if (!reply.latched && !('spooled' in reply && reply.spooled))
    throw new Refusal('StoreUnavailable', reply.summary, 'it is killed again');
  return { summary: reply.summary, verdict: 'done' };
}
