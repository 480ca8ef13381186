import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';

const DEADLINE_MS = 10_000;

/** Runbook 4.4: every instance flushes its residual state and reports what is left. Archived as `settle.log`. */
export async function settleStrategy(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, epoch, runId } = command;
  const [registration, run] = await Promise.all([readRegistration(strategyId, ports), readRun(command, ports)]);
  const order = { strategyId, epoch, commandId: `${runId}/settle` };
  const settled = await Promise.all(
    enginesOf(registration).map((instance) => ports.engines.settle(instance, order, { deadlineMs: DEADLINE_MS })),
  );
  const at = ports.now().toISOString();
  const archived = await writeRunEvidence(
    run,
    'settle.log',
    [...settled.map((each) => `${at} ${JSON.stringify(each)}`), ''].join('\n'),
    ports,
  );
  return runStep(
    command,
    'SettleStrategy',
    (state) => ({
      state,
      entries: [{ type: 'strategy.settled', actor: run.requestedBy, run: runId, payload: { settled, log: archived } }],
      reply: { summary: `${settled.length} instances settled`, verdict: 'done' },
    }),
    ports,
  );
}
