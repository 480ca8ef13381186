import { alertId, type MonitorAction, type MonitorFinding, type MonitorLevel } from '../finding.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';
import { beatAgeMs, type Component } from './beat-age.ts';
import { hasToldSinceLive } from './told.ts';

export type BeatRule = {
  readonly rule: 'heartbeat' | 'risk-telemetry';
  readonly component: Component;
  readonly slaMs: number;
  /** What three missed cycles ask for. */
  readonly action: MonitorAction;
};

/** A report may be a second old by design, so the first cycle is missed a second late. The second and the third are not. */
const REPORT_MS = 1_000;
const LEVELS: Readonly<Record<number, MonitorLevel>> = { 1: 'warn', 2: 'page' };

/**
 * Product decision 6: one missed cycle warns, two page, three act. A beat that is missing or unreadable is one missed cycle at once, and more by how
 * long it has been found missing; so is an old one of an instance that has not reported yet since the strategy went live.
 */
export function missedBeats(sample: Sample, { instanceId, lease }: InstanceSample, ask: BeatRule): MonitorFinding[] {
  const { rule, component, slaMs, action } = ask;
  const about = { strategyId: sample.state.id, rule, subject: `${component}@${instanceId}` };
  const toldMs = beatAgeMs(lease, component, sample.now) ?? Number.POSITIVE_INFINITY;
  if (cyclesMissed(toldMs, slaMs) === 0) return [];
  const waitedMs = stoodMs(sample.standing, alertId(about), sample.now);
  const isTold = toldMs < Number.POSITIVE_INFINITY && hasToldSinceLive(lease, sample.state);
  const ageMs = isTold ? toldMs : Math.min(toldMs, waitedMs);
  const missed = Math.max(1, cyclesMissed(ageMs, slaMs));
  const level = LEVELS[missed] ?? 'act';
  const now = sample.now.getTime();
  const began = new Date(Math.min(now, now - ageMs + overdueMs(missed, slaMs)));
  return [
    {
      ...{ ...about, level, ...(level === 'act' && { action }), instanceId, since: began.toISOString() },
      ...{ measured: Math.round(ageMs), threshold: slaMs, unit: 'ms' },
      detail: `${component} of ${instanceId} has to report each ${seconds(slaMs)}, and ${heard(toldMs)}`,
    },
  ];
}

const heard = (toldMs: number): string =>
  toldMs < Number.POSITIVE_INFINITY ? `did so ${seconds(toldMs)} ago` : 'is not heard of';

/** From 0 to 3. */
const cyclesMissed = (ageMs: number, slaMs: number): number =>
  [3, 2, 1].find((cycles) => ageMs >= overdueMs(cycles, slaMs)) ?? 0;

const overdueMs = (cycles: number, slaMs: number): number => cycles * slaMs + (cycles === 1 ? REPORT_MS : 0);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1)} s`;
