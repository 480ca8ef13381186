import { readStrategy } from '../change.ts';
import type { ActorId } from '../ids.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { ClosureRequest } from './closure-request.ts';
import { endIncident } from './end-incident.ts';
import { type FilingPorts, fileIncident } from './file-incident.ts';
import { reasonsIn } from './judge-look.ts';
import { type LookPorts, lookAtVenue } from './look-at-venue.ts';
import type { VenueIncident } from './venue-incident.ts';
import { whyOver } from './venue-step.ts';

export type CloseByHand = {
  readonly id: string;
  readonly actor: ActorId;
  readonly key: string;
  readonly request: ClosureRequest;
};
export type IncidentClosed = {
  readonly incident: VenueIncident;
  readonly changed: boolean;
  readonly summary: string;
  readonly receipt?: Receipt | undefined;
};

export type ClosePorts = LookPorts & FilingPorts & Pick<Ports, 'strategies' | 'records' | 'jitter'>;

/**
 * Closes an incident before its machine does. That takes a deadline away which protects, so that it is refused while the venue is not stable
 * (VenueUnstable): now, and at the last look of the machine. What is over already stays as it ended. Refuses an incident that there is not (NotFound).
 */
export async function closeByHand(
  { id, actor, key, request }: CloseByHand,
  ports: ClosePorts,
): Promise<IncidentClosed> {
  const incident = await ports.records.get('VENUEINCIDENT', id);
  if (!incident)
    throw new Refusal('NotFound', `there is no incident ${id.slice(0, 100)}`, 'look at: venue-incident ls', {});
  if (incident.status === 'open') await requireStable(incident, ports);
  const note = cleanReason(request.note);
  const { incident: ended, receipt } = await endIncident(
    { ...incident, actor, key, end: () => ({ status: 'closed', outcome: `closed by hand: ${note}` }) },
    ports,
  );
  const now = ended ?? incident;
  await fileIncident(now, ports);
  return {
    incident: now,
    changed: receipt !== undefined,
    summary: `the incident of ${now.venue} for ${now.strategyId} is over: ${now.outcome}`,
    ...(receipt && { receipt }),
  };
}

async function requireStable(incident: VenueIncident, ports: ClosePorts): Promise<void> {
  const state = await readStrategy(incident.strategyId, ports);
  if (whyOver(incident, incident.runId, state) !== undefined) return;
  const now = reasonsIn(await lookAtVenue(incident, state, ports));
  const before = incident.stableSince === undefined ? incident.unstable : [];
  const unstable = now.length > 0 ? now : before;
  if (unstable.length === 0 && incident.stableSince !== undefined) return;
  throw new Refusal(
    'VenueUnstable',
    `${incident.venue} is not stable for ${incident.strategyId}: ${unstable.join('; ') || 'no look has found it so yet'}`,
    `it closes by itself once it is stable; ${incident.strategyId} is killed at ${incident.killAt} otherwise`,
    { unstable, killAt: incident.killAt },
  );
}
