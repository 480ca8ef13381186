import type { StepResult } from '../run-step.ts';
import { type EndPorts, endIncident } from './end-incident.ts';
import { type FilingPorts, fileIncident } from './file-incident.ts';
import { type VenueStep, WATCH } from './venue-step.ts';

/**
 * Runbook 5.3: the venue is stable again. The strategy stays throttled: its earlier rate comes back only by two people, who are asked by themselves once
 * it has been quiet for the agreed time. Ends nothing that has ended otherwise meanwhile.
 */
export async function closeAsStable(step: VenueStep, ports: EndPorts & FilingPorts): Promise<StepResult> {
  const { incident, receipt } = await endIncident(
    {
      ...{ ...step, actor: WATCH, key: `${step.runId}/CloseAsStable` },
      end: ({ venue, stableSince }) => ({
        status: 'stable',
        outcome: `${venue} is stable again${stableSince === undefined ? '' : ` since ${stableSince}`}`,
      }),
    },
    ports,
  );
  if (incident) await fileIncident(incident, ports);
  return {
    summary: `${incident?.outcome ?? 'a newer incident took its place'}; two people restore the rate of ${step.strategyId}`,
    verdict: receipt ? 'done' : 'nothing-to-do',
    ...(receipt && { ledgerIndex: receipt.index }),
  };
}
