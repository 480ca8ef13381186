import type { Clamp, Clamped } from '../monitor/clamp.ts';
import { type ClampedReport, clampReport } from '../monitor/clamp-report.ts';
import { addRoundTrips } from '../monitor/latency-window.ts';
import type { FlagSeen, Telemetry } from '../monitor/telemetry.ts';
import type { Lease } from './lease.ts';

export type RenewalSeen = {
  /** The renewal: what decides the lease was judged already, the metrics are as they came. */
  readonly report: Readonly<Record<string, unknown>>;
  /** What the instance held before. */
  readonly lease: Pick<Lease, 'telemetry'> | undefined;
  readonly live: boolean | undefined;
  readonly ttlMs: number;
  /** When it arrived, by our clock. */
  readonly receivedAt: Date;
};

/** What decides the lease, and is kept as it came. */
const KEPT = ['epoch', 'mode', 'halted', 'halt', 'lapsedEpoch', 'artifactDigest', 'limitsDigest', 'parametersDigest'];

/** What is kept of a renewal (runbook 3): the report that can be believed, and what monitoring has to know of those before it. Never throws; what cannot be believed is left out and said. */
export function distilRenewal({ report, lease, live, ttlMs, receivedAt }: RenewalSeen): {
  report: Record<string, unknown>;
  telemetry: Telemetry;
} {
  const clamped = clampReport(report, receivedAt);
  const { openOrders, queueBacklog, positions, pnl, heartbeats, venueHalts } = clamped;
  const decides = KEPT.map((name) => [name, report[name]] as const).filter(([, value]) => value !== null);
  const kept = { ...Object.fromEntries(decides), openOrders, queueBacklog, positions, pnl, heartbeats, venueHalts };
  return {
    report: Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    telemetry: telemetryOf(clamped, { before: lease?.telemetry, live, ttlMs, receivedAt }),
  };
}

type Before = Pick<RenewalSeen, 'live' | 'ttlMs' | 'receivedAt'> & { readonly before: Telemetry | undefined };

function telemetryOf(told: ClampedReport, { before, live, ttlMs, receivedAt }: Before): Telemetry {
  const clockOffsetMs = told.sentAt === undefined ? undefined : Date.parse(told.sentAt) - receivedAt.getTime();
  const none = { boundsMs: [], counts: [0] };
  return {
    receivedAt: receivedAt.toISOString(),
    flag: flagOf(live),
    roundTrips: addRoundTrips(before?.roundTrips, told.roundTrip ?? none, receivedAt),
    clamped: stamped([...told.clamped, ...jumped(before?.clockOffsetMs, clockOffsetMs)], before, receivedAt),
    ...(told.sentAt !== undefined && { sentAt: told.sentAt }),
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    ...(told.targets && { targets: told.targets }),
    ...processesOf(told.processId, before, new Date(receivedAt.getTime() - ttlMs), receivedAt),
  };
}

const flagOf = (live: boolean | undefined): FlagSeen => (live === undefined ? 'unreadable' : live ? 'on' : 'off');

const MOST_JUMP_MS = 1_000;

/** The engine's clock was set between two of its renewals, or ours was. */
function jumped(before: number | undefined, now: number | undefined): Clamped[] {
  if (before === undefined || now === undefined || Math.abs(now - before) <= MOST_JUMP_MS) return [];
  return [{ code: 'clock-jumped', detail: `its clock was ${before} ms ahead of ours, and now is ${now} ms` }];
}

/** Nobody looks at every renewal. */
const SAID_FOR_MS = 5_000;

/** Each code once, the newest first; what was wrong a moment ago stays for those who look once a second. */
function stamped(clamped: readonly Clamped[], before: Telemetry | undefined, receivedAt: Date): Clamp[] {
  const since = new Date(receivedAt.getTime() - SAID_FOR_MS).toISOString();
  const earlier = (before?.clamped ?? []).filter(({ at }) => at > since);
  const all = [...clamped.map((each) => ({ ...each, at: receivedAt.toISOString() })), ...earlier];
  return [...new Map(all.toReversed().map((each) => [each.code, each])).values()].toReversed();
}

const MOST_PROCESSES = 4;

/**
 * Who renews as this instance. A process that comes back after another one has renewed is no restart: two engines think that they are one. Only
 * what was seen within a lease counts.
 */
function processesOf(
  id: string | undefined,
  before: Telemetry | undefined,
  since: Date,
  receivedAt: Date,
): Pick<Telemetry, 'processes' | 'duplicatedAt'> {
  const at = receivedAt.toISOString();
  const seen = (before?.processes ?? []).filter((each) => each.at > since.toISOString());
  const isBack = seen.slice(1).some((each) => each.id === id);
  const earlier = (before?.duplicatedAt ?? '') > since.toISOString() ? before?.duplicatedAt : undefined;
  const duplicatedAt = isBack ? at : earlier;
  const processes = [...(id === undefined ? [] : [{ id, at }]), ...seen.filter((each) => each.id !== id)];
  return {
    ...(processes.length > 0 && { processes: processes.slice(0, MOST_PROCESSES) }),
    ...(duplicatedAt !== undefined && { duplicatedAt }),
  };
}
