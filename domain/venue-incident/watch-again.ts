import type { Run } from '../control-record.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Ports } from '../ports/ports.ts';
import { incidentId } from './venue-incident.ts';
import { VenueStep, venueInput } from './venue-step.ts';

/**
 * A machine that ended without ending its incident (aborted by hand, or failed) is followed by another for the same incident: somebody has to hold the
 * deadline, which stays what it was. Answers the execution that goes on, or nothing where nothing is to be watched.
 */
export async function watchAgain(
  run: Run | undefined,
  { name, status }: { readonly name: string; readonly status: Run['status'] },
  { records, executions }: Pick<Ports, 'records' | 'executions'>,
): Promise<string | undefined> {
  const step = run?.machine === 'venue-instability' && status !== 'SUCCEEDED' ? stepOfRun(run) : undefined;
  const incident = step && (await records.get('VENUEINCIDENT', incidentId(step.strategyId, step.venue)));
  if (incident?.status !== 'open' || incident.runId !== step?.runId) return undefined;
  const successor = successorOf(name);
  await executions.start('venue-instability', successor, venueInput(incident));
  return successor;
}

/** What the machine of a run is given; nothing for a run of another machine. */
export const stepOfRun = ({ id, strategyId, request }: Run): VenueStep | undefined =>
  VenueStep.safeParse({ ...request, strategyId, runId: id }).data;

/** Another name of the same length: names of executions are short of room. */
const successorOf = (name: string): string =>
  `${name.slice(0, -12)}${sha256(`after ${name}`).toString('hex').slice(0, 12)}`;
