import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep } from '../run-step.ts';
import type { DataIncident } from './data-incident.ts';

/** The data incident that a run of safe mode looks after, as it is now; nothing where there is none (yet), or another run has taken it over. */
export async function incidentOfRun(
  command: Pick<RunStep, 'runId'>,
  ports: Pick<Ports, 'records'>,
): Promise<DataIncident | undefined> {
  const { incident } = (await readRun(command, ports)).request;
  const found = typeof incident === 'string' ? await ports.records.get('DATAINCIDENT', incident) : undefined;
  return found?.runId === command.runId ? found : undefined;
}

/** The same, where there has to be one. Throws SafeModeOver where there is none: then nothing is left to look after. */
export async function requireIncident(
  command: Pick<RunStep, 'runId'>,
  ports: Pick<Ports, 'records'>,
): Promise<DataIncident> {
  const incident = await incidentOfRun(command, ports);
  if (incident && incident.status !== 'over') return incident;
  throw new Refusal('SafeModeOver', `${command.runId} looks after no data incident`, 'nothing: it is over');
}
