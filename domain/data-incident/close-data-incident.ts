import { change, readStrategy } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { ActorId } from '../ids.ts';
import { isLive } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, withLedgerIndex } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { dataIncidentPage } from './data-incident-page.ts';
import { incidentToClose } from './incident-of-run.ts';

const NOTHING: StepResult = {
  summary: 'this safe mode is over; no data incident is in its hands',
  verdict: 'nothing-to-do',
};

/** The end of a data incident, whatever ended the safe mode: its record, the file as it is then, and everybody told. What the safe mode that stands is about stays open. Not fenced: what is over has to be closed, also by a run that ended before it took it over. */
export async function closeDataIncident(command: RunStep, ports: Ports): Promise<StepResult> {
  const [run, state] = await Promise.all([readRun(command, ports), readStrategy(command.strategyId, ports)]);
  const incident = await incidentToClose(command, state, ports);
  if (!incident) return NOTHING;
  const outcome = outcomeOf(state);
  const ended = { ...incident, status: 'over' as const, endedAt: ports.now().toISOString(), outcome };
  const file = await writeRunEvidence(run, 'data_incident_closed.md', dataIncidentPage(ended), ports);
  const changed = await change(
    command.strategyId,
    { key: `${command.runId}/CloseDataIncident`, body: { runId: command.runId } },
    async (now) => {
      const current = await incidentToClose(command, now, ports);
      if (!current) return { state: now, entries: [], reply: NOTHING };
      const about = { strategyId: now.id, runId: command.runId, reason: outcome, incident: incident.id };
      const { endedAt } = ended;
      return {
        state: now,
        entries: [
          {
            type: 'data-incident.over',
            actor: ActorId.parse('service:safe-mode'),
            run: command.runId,
            payload: { incident: incident.id, outcome, file, looks: current.looks, exposure: current.exposure },
          },
        ],
        records: [
          {
            kind: 'DATAINCIDENT',
            record: { ...current, status: 'over', endedAt, outcome, version: current.version + 1 },
          },
          ...announce('data-incident-over', about, ports.now()),
        ],
        reply: { summary: `${incident.id} is over: ${outcome}`, verdict: 'done' as const },
      };
    },
    ports,
  );
  return withLedgerIndex(changed);
}

function outcomeOf({ id, mode, latch }: Strategy): string {
  if (latch) return `${id} was killed: ${latch.reason}`;
  if (mode === 'STOPPING' || mode === 'OFF') return `${id} was stopped`;
  return isLive(mode) ? `${id} was resumed` : `${id} is ${mode} for another reason`;
}
