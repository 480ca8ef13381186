import { type VenueIncident as Filed, VENUE_INCIDENTS } from '../archive/venue-incidents.ts';
import type { Run } from '../control-record.ts';
import { sha256 } from '../crypto/sha256.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Ports } from '../ports/ports.ts';
import { tradingRunOf } from '../review/trading-run.ts';
import { runKey } from '../run-key.ts';
import type { VenueIncident } from './venue-incident.ts';

export type FilingPorts = Pick<Ports, 'records' | 'evidence'> & {
  readonly ledger: Pick<Ports['ledger'], 'page'>;
};

/**
 * Runbook 5.3.2: logs an incident, its tickets and its end in `venue_incidents.md` of the trading run: one create-once fragment for each, from which that
 * file is rendered (product decision 17). May be repeated: the same incident makes the same fragments. Answers the key of the rendered file; nothing where
 * no run traded, since then there is no folder.
 */
export async function fileIncident(incident: VenueIncident, ports: FilingPorts): Promise<string | undefined> {
  const run = await launchOfIncident(incident, ports);
  if (!run) return undefined;
  for (const [name, filed] of fragmentsOf(incident))
    await ports.evidence.createOnce(runKey(run, `${VENUE_INCIDENTS}${name}.json`), `${canonicalJson(filed)}\n`);
  return runKey(run, 'venue_incidents.md');
}

/** The run in whose folder the incident is filed: the launch, also where it was resumed since. */
export async function launchOfIncident(
  { tradingRun }: Pick<VenueIncident, 'tradingRun'>,
  ports: Pick<FilingPorts, 'records' | 'ledger'>,
): Promise<Run | undefined> {
  const run = tradingRun && (await ports.records.get('RUN', tradingRun));
  return run ? tradingRunOf(run, ports) : undefined;
}

type Fragment = readonly [name: string, filed: Filed];

function fragmentsOf(incident: VenueIncident): Fragment[] {
  const {
    venue,
    tickets,
    openedAt,
    endedAt,
    by,
    endedBy = by,
    reason,
    ordersPerSec,
    killAt,
    status,
    outcome,
  } = incident;
  const fragment = (at: string, what: string, filed: Omit<Filed, 'v' | 'venue' | 'at'>): Fragment => [
    `${at.replaceAll(/[:.]/g, '-')}-${venue.replaceAll(/\W/g, '_')}-${what}`,
    { v: 1, venue, at, ...filed },
  ];
  const logged = tickets.map(({ ticket, by: who, at }) =>
    fragment(at, `ticket-${sha256(ticket).toString('hex').slice(0, 12)}`, { ticket, by: who }),
  );
  if (openedAt === killAt) return logged; // nothing traded
  const note = `opened: ${reason}; throttled to ${ordersPerSec} orders/s, killed at ${killAt} unless stable by then`;
  const opened = fragment(openedAt, 'opened', { by, note });
  if (endedAt === undefined) return [opened, ...logged];
  return [opened, ...logged, fragment(endedAt, 'ended', { by: endedBy, note: `${status}: ${outcome}` })];
}
