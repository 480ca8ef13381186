import type { Alert } from '../alert/alert.ts';
import { unjudged } from '../alert/is-unjudged.ts';
import type { ClampCode } from '../monitor/clamp.ts';
import type { MonitorFinding } from '../monitor/finding.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { VenueIncident } from './venue-incident.ts';

/** What one look has seen: what the rules of monitoring say of the strategy, its open alerts, and why the venue gave no usable answer, if it gave none. */
export type VenueLook = {
  readonly findings: readonly MonitorFinding[];
  readonly alerts: readonly Alert[];
  readonly unanswered: string | undefined;
  /** Nothing where no threshold can be read: then nothing is called stable. */
  readonly settings: StrategyMonitors | undefined;
  readonly now: Date;
};

export type VenueVerdict =
  | { readonly is: 'unstable'; readonly why: string }
  | { readonly is: 'stable'; readonly why: string }
  | { readonly is: 'threatening'; readonly why: string }
  | { readonly is: 'too-late' };

/** After so many looks in a row without a usable answer nobody can tell what rests there, nor cancel it. */
const MOST_UNANSWERED = 3;
/** Stable is what was seen to be so without a gap. */
const LONGEST_GAP_MS = 45_000;
const MOST_REASONS = 20;

/** The incident with what this look has seen (runbook 5.3.3). What cannot be read is never taken for good. */
export function withLook(incident: VenueIncident, look: VenueLook): VenueIncident {
  const { stableSince, lookedAt, ...rest } = incident;
  const unstable = reasonsIn(look);
  const now = look.now.toISOString();
  const hasGap = lookedAt === undefined || look.now.getTime() - Date.parse(lookedAt) > LONGEST_GAP_MS;
  return {
    ...rest,
    ...{ lookedAt: now, unstable, unanswered: look.unanswered === undefined ? 0 : incident.unanswered + 1 },
    ...(unstable.length === 0 && { stableSince: hasGap ? now : (stableSince ?? now) }),
    version: incident.version + 1,
  };
}

/**
 * What is to be done about an incident after a look: a breach of risk kills at once, what was stable for long enough ends it, and what is neither when its
 * deadline has come kills. The deadline is absolute: nothing but stability ends it.
 */
export function judgeLook(incident: VenueIncident, { alerts, settings, now }: VenueLook): VenueVerdict {
  const threat = threatIn(incident, alerts);
  if (threat !== undefined) return { is: 'threatening', why: threat };
  const { stableSince, unstable, killAt } = incident;
  const neededMs = (settings?.venue.stableSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  if (stableSince !== undefined && now.getTime() - Date.parse(stableSince) >= neededMs)
    return { is: 'stable', why: `nothing was amiss since ${stableSince}` };
  if (now.toISOString() >= killAt) return { is: 'too-late' };
  return { is: 'unstable', why: unstable.join('; ') || `stable since ${stableSince}, which is not long enough yet` };
}

/** Without these of its metrics nobody can tell how an engine's orders fare. */
const UNREAD = ['round-trips-unreadable', 'queue-backlog-unreadable'] as const satisfies readonly ClampCode[];

/** What of the findings speaks of the way to a venue and back, or says that nobody can tell. */
const OF_A_VENUE: readonly (readonly [MonitorFinding['rule'], RegExp])[] = [
  ['venue', /./],
  ['latency', /./],
  ['heartbeat', /^(executionGateway|orderAcknowledgements)@/],
  ['instance', /^lease@/],
  ['telemetry', new RegExp(`^(round-trips|${UNREAD.join('|')})@`)],
];

const isOfAVenue = ({ rule, subject }: MonitorFinding): boolean =>
  OF_A_VENUE.some(([of, about]) => (of === rule && about.test(subject)) || subject === unjudged(of));

/** What is not as it should be, in sentences for people. */
export function reasonsIn({ findings, unanswered, settings }: VenueLook): string[] {
  const told = findings.filter(isOfAVenue).map(({ detail }) => detail);
  return [
    ...(unanswered === undefined ? [] : [unanswered.slice(0, 500)]),
    ...(settings === undefined ? ['no thresholds are deployed, so that nothing can be called stable'] : []),
    ...told,
  ].slice(0, MOST_REASONS);
}

/** What endangers the strategy beyond the venue's slowness (runbook 5.3.3): its limits, or a venue that nobody can ask any more. */
function threatIn({ venue, strategyId, unanswered }: VenueIncident, alerts: readonly Alert[]): string | undefined {
  const breach = alerts.find(
    (alert) =>
      alert.strategyId === strategyId &&
      alert.resolvedAt === undefined &&
      alert.level === 'act' && // on the way there people are warned, and nothing is breached
      (alert.rule === 'kill-threshold' || alert.rule === 'limit-use'),
  );
  if (breach) return `${venue} is unstable, and risk is breached: ${breach.detail}`;
  if (unanswered >= MOST_UNANSWERED) return `${venue} gave us no usable answer ${unanswered} times in a row`;
  return undefined;
}
