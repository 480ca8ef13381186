import { change, readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { readDrill } from '../drill/read-drill.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { fileKillEvent } from './file-kill-event.ts';

/** Runbook 5.1.2, 5.1.3 and section 6: tells everybody who must know, and files the event under `observability/audit/kill_events/`. */
export async function announceKill(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, runId } = command;
  const [run, { policy }] = await Promise.all([readRun(command, ports), readRegistration(strategyId, ports)]);
  const drill = (await readDrill(runId, ports)) !== undefined;
  const reason = String(run.request['reason']);
  await fileKillEvent(
    runId,
    'requested',
    {
      strategy: strategyId,
      run: runId,
      at: run.startedAt,
      reason,
      initiator: run.requestedBy,
      ...(drill && { drill }),
    },
    ports,
  );
  const archived = await writeRunEvidence(run, 'kill.json', run, ports);
  const changed = await change(
    strategyId,
    stepKey(command, 'AnnounceKill'),
    (state) => {
      const expectedRecovery =
        state.latch?.expectedRecovery ?? recoveryAfter(run.startedAt, policy.killRecoveryMinutes);
      const about = { strategyId, runId, reason, expectedRecovery, bridgeUrl: policy.bridgeUrl, drill };
      return {
        state: { ...state, ...(state.latch && { latch: { ...state.latch, expectedRecovery } }) },
        entries: [
          {
            type: 'kill.announced',
            actor: ActorId.parse('service:kill'),
            run: runId,
            payload: { record: archived, expectedRecovery, ...(drill && { drill }) },
          },
        ],
        records: announce('kill-switch', about, new Date(run.startedAt)),
        reply: {
          summary: `everybody whom the matrix names is being told; expected recovery ${expectedRecovery}`,
          verdict: 'done' as const,
        },
      };
    },
    ports,
  );
  return withLedgerIndex(changed);
}

const recoveryAfter = (killedAt: string, minutes: number): string =>
  new Date(Date.parse(killedAt) + minutes * 60_000).toISOString();
