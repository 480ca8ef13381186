import { Refusal } from '../refusal.ts';
import type { StepResult } from '../run-step.ts';
import type { Strategy } from '../strategy.ts';
import { type EndPorts, endIncident, type IncidentEnd } from './end-incident.ts';
import { type FilingPorts, fileIncident } from './file-incident.ts';
import type { VenueIncident } from './venue-incident.ts';
import { type VenueStep, WATCH, whyOver } from './venue-step.ts';

/** Runbook 5.3: records what has ended the incident where the venue did not: a kill, ours or a person's, a stop, safe mode. Ends nothing that goes on: that is still to be watched (VenueUnstable). */
export async function closeIncident(step: VenueStep, ports: EndPorts & FilingPorts): Promise<StepResult> {
  const { incident, receipt } = await endIncident(
    { ...{ ...step, actor: WATCH, key: `${step.runId}/CloseIncident` }, end: howOver },
    ports,
  );
  if (incident?.status === 'open')
    throw new Refusal('VenueUnstable', `the incident of ${incident.venue} goes on`, 'it is watched again');
  if (incident) await fileIncident(incident, ports);
  return {
    summary: incident?.outcome ?? `a newer incident of ${step.venue} took its place`,
    verdict: receipt ? 'done' : 'nothing-to-do',
    ...(receipt && { ledgerIndex: receipt.index }),
  };
}

function howOver(incident: VenueIncident, state: Strategy): IncidentEnd | undefined {
  const { id, latch, mode } = state;
  if (latch) return { status: 'killed', outcome: `${id} was killed: ${latch.reason}` };
  if (mode === 'SAFE') return { status: 'closed', outcome: `${id} was taken into safe mode` };
  const why = whyOver(incident, incident.runId, state);
  return why === undefined ? undefined : { status: 'closed', outcome: why };
}
