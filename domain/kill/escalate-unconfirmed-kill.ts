import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { readDrill } from '../drill/read-drill.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { type RunStep, type StepResult, withLedgerIndex } from '../run-step.ts';

/** Product decision 1: a confirmation that is late pages on-call and Compliance; recovery stays blocked, and we keep waiting. */
export async function escalateUnconfirmedKill(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, runId } = command;
  const drill = (await readDrill(runId, ports)) !== undefined;
  const minute = ports.now().toISOString().slice(0, 16);
  const changed = await change(
    strategyId,
    { key: `${runId}/EscalateUnconfirmedKill/${minute}`, body: { runId } },
    (state) => ({
      state,
      entries: [
        { type: 'kill.unconfirmed', actor: ActorId.parse('service:kill'), run: runId, payload: { at: minute } },
      ],
      records: announce('kill-unconfirmed', { strategyId, runId, occasion: minute, drill }, ports.now()),
      reply: { summary: 'on-call and Compliance are paged: no second signature yet', verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}
