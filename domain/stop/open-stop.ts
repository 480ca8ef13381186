import { readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { abortWaiting } from './abort-waiting.ts';

/** Runbook 4.1: announces the stop, sends home a launch that waits for people, and sets the drain's deadline. */
export async function openStop(command: RunStep, ports: Ports): Promise<StepResult & { drainUntil: string }> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const drainUntil = new Date(Date.parse(run.startedAt) + registration.policy.drainSeconds * 1000).toISOString();
  await abortWaiting(
    command.strategyId,
    new Refusal('LaunchAborted', `${run.id} stops the strategy`, 'launch again when the stop is done'),
    ports,
  );
  return runStep(
    command,
    'OpenStop',
    (state) => ({
      state,
      entries: [{ type: 'stop.opened', actor: run.requestedBy, run: run.id, payload: { drainUntil } }],
      records: announce('planned-halt', { strategyId: state.id, runId: run.id }, ports.now()),
      reply: {
        summary: `announced the stop of ${state.id}; it drains until ${drainUntil}`,
        verdict: 'done',
        drainUntil,
      },
    }),
    ports,
  );
}
