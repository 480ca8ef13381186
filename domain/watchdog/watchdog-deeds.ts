import { ActorId } from '../ids.ts';
import { type AutomaticKillPorts, automaticKill } from '../kill/automatic-kill.ts';
import { type RestrictPorts, restrict } from '../ladder/restrict.ts';
import type { Restriction } from '../ladder/restriction.ts';
import { alertId, type MonitorFinding } from '../monitor/finding.ts';
import { runName } from '../run-name.ts';
import { enterSafeMode, type SafeModePorts } from '../safe-mode/enter-safe-mode.ts';
import type { SafeModeCause } from '../safe-mode/safe-mode.ts';
import { type OpenVenuePorts, openVenueIncident } from '../venue-incident/open-venue-incident.ts';
import type { Deeds, Ordered } from './deeds.ts';

export type DeedPorts = AutomaticKillPorts & RestrictPorts & SafeModePorts & OpenVenuePorts;

const WATCHDOG = ActorId.parse('service:watchdog');

/** What the watchdog does by itself, from the mildest on (product decisions 5, 6, 7; runbook 3.2, 3.4, 5.2, 5.3): the same functions that people's commands call. */
export const watchdogDeeds = (ports: DeedPorts): Deeds => ({
  throttle: (ordered) => restrict(restriction(ordered, 'THROTTLED'), ports),
  'venue-instability': ({ sample, finding, commandId }) =>
    openVenueIncident(
      {
        ...{ strategyId: sample.state.id, venue: finding.venue ?? sample.registration.primaryVenue },
        ...{ reason: finding.detail, actor: WATCHDOG, commandId },
      },
      ports,
    ),
  'reduce-only': (ordered) => restrict(restriction(ordered, 'REDUCE_ONLY'), ports),
  'safe-mode': (ordered) => suspend(ordered, 'market-data', ports),
  halt: (ordered) => suspend(ordered, causeOf(ordered.finding), ports),
  kill: ({ sample, finding, commandId }) =>
    automaticKill({ strategyId: sample.state.id, reason: finding.detail, by: WATCHDOG, commandId }, ports),
});

const restriction = ({ sample, finding, commandId }: Ordered, to: Restriction['mode']) => ({
  ...{ strategyId: sample.state.id, to, reason: finding.detail, actor: WATCHDOG },
  ...{ causeId: alertId(finding), commandId },
});

/** With what was read this very second, so that the halt waits for no read. */
function suspend({ sample, finding, commandId }: Ordered, cause: SafeModeCause, ports: SafeModePorts) {
  const { state, registration, now } = sample;
  return enterSafeMode(
    {
      ...{ strategyId: state.id, cause, reason: finding.detail, actor: WATCHDOG },
      ...{ runId: runName('safe-mode', state.id, commandId, now), known: { state, registration } },
    },
    ports,
  );
}

/** What a pre-emptive halt is said to be for. */
function causeOf({ rule }: MonitorFinding): SafeModeCause {
  return rule === 'risk-telemetry' || rule === 'effective' ? rule : 'heartbeat';
}
