import type { Ports } from '../ports/ports.ts';
import type { StepResult } from '../run-step.ts';
import { type FilingPorts, fileIncident } from './file-incident.ts';
import { readWatched, type VenueStep } from './venue-step.ts';

/** Runbook 5.3.2: logs the incident where tickets of venues are logged. Refuses a run for which none was opened (NoIntent), and one that is over. */
export async function fileOpening(
  step: VenueStep,
  ports: FilingPorts & Pick<Ports, 'strategies'>,
): Promise<StepResult> {
  const { incident } = await readWatched(step, ports);
  const file = await fileIncident(incident, ports);
  return { summary: file ? `logged in ${file}` : 'no run traded: there is no file to log it in', verdict: 'done' };
}
