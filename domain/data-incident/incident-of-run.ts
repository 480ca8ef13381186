import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import type { DataIncident } from './data-incident.ts';

/** The data incident that a run of safe mode is about, as it is now and whichever run looks after it; nothing where there is none (yet). */
async function incidentOfRun(
  command: Pick<RunStep, 'runId'>,
  ports: Pick<Ports, 'records'>,
): Promise<DataIncident | undefined> {
  const { incident } = (await readRun(command, ports)).request;
  return typeof incident === 'string' ? ports.records.get('DATAINCIDENT', incident) : undefined;
}

/** That incident, where it is to be closed: it is not over, and no safe mode that stands is about it. */
export async function incidentToClose(
  command: Pick<RunStep, 'runId'>,
  { mode, safeMode }: Pick<Strategy, 'mode' | 'safeMode'>,
  ports: Pick<Ports, 'records'>,
): Promise<DataIncident | undefined> {
  const incident = await incidentOfRun(command, ports);
  if (!incident || incident.status === 'over') return undefined;
  return mode === 'SAFE' && safeMode?.incident === incident.id ? undefined : incident;
}

/** That incident, where this run has to look after it. Throws SafeModeOver where there is none, it is over, or another run has taken it over: then nothing is left to do. */
export async function requireIncident(
  command: Pick<RunStep, 'runId'>,
  ports: Pick<Ports, 'records'>,
): Promise<DataIncident> {
  const incident = await incidentOfRun(command, ports);
  if (incident?.runId === command.runId && incident.status !== 'over') return incident;
  throw new Refusal('SafeModeOver', `${command.runId} looks after no data incident`, 'nothing: it is over');
}
