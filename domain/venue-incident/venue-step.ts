import * as z from 'zod';
import { readStrategy } from '../change.ts';
import { ActorId, RunId, StrategyId } from '../ids.ts';
import { isTrading } from '../monitor/rules/told.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { incidentId, type VenueIncident } from './venue-incident.ts';

/** What every state of `venue-instability` hands to its Lambda: all that a kill at the deadline takes, so that it needs no store to know it. */
export const VenueStep = z.object({
  strategyId: StrategyId,
  venue: z.string().min(1).max(40),
  runId: RunId,
  openedAt: z.iso.datetime(),
  killAt: z.iso.datetime(),
});
export type VenueStep = z.infer<typeof VenueStep>;

/** Who does what the machine does. */
export const WATCH = ActorId.parse('service:venue-instability');

/** The input of the machine that watches an incident. */
export const venueInput = ({ strategyId, venue, runId, openedAt, killAt }: VenueStep): VenueStep => ({
  ...{ strategyId, venue, runId, openedAt, killAt },
});

type Reads = Pick<Ports, 'strategies'> & { readonly records: Pick<Ports['records'], 'get'> };

/** The incident that was opened for this run, with the strategy as it is. Refuses a run for which none was (NoIntent), and one that has ended (VenueIncidentOver). */
export async function readWatched(
  { strategyId, venue, runId }: Pick<VenueStep, 'strategyId' | 'venue' | 'runId'>,
  ports: Reads,
): Promise<{ incident: VenueIncident; state: Strategy }> {
  const [incident, run] = await Promise.all([
    ports.records.get('VENUEINCIDENT', incidentId(strategyId, venue)),
    ports.records.get('RUN', runId),
  ]);
  if (!incident || run?.machine !== 'venue-instability')
    throw new Refusal(
      'NoIntent',
      `no incident of ${venue} was opened as ${runId}`,
      'use the API or the CLI, not the Step Functions console',
    );
  const state = await readStrategy(strategyId, ports);
  const over = whyOver(incident, runId, state);
  if (over !== undefined)
    throw new Refusal('VenueIncidentOver', over, 'nothing more is done for it', { incident: incident.id });
  return { incident, state };
}

/** Why there is nothing more to watch: it has ended, another took its place, or what traded then trades no longer. */
export function whyOver(incident: VenueIncident, runId: RunId, state: Strategy): string | undefined {
  if (incident.runId !== runId) return `a newer incident of ${incident.venue} is watched by ${incident.runId}`;
  if (incident.status !== 'open') return `it ended at ${incident.endedAt}: ${incident.outcome}`;
  if (!isTrading(state.mode)) return `${state.id} is ${state.mode}`;
  if (incident.tradingRun !== state.run?.id) return `${state.id} trades in another run by now`;
  return undefined;
}
