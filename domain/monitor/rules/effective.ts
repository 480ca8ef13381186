import { alertId, type MonitorAction, type MonitorFinding, type MonitorLevel } from '../finding.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';
import { holdsLease, toldBy } from './told.ts';

/** One thing that is not as it was approved. `graceMs`: how long a change of it may be under way. */
type Difference = {
  readonly what: string;
  readonly approved: string;
  readonly effective: string;
  readonly graceMs: number;
  /** Sets one change apart from the next, which may come before the first is over: each has its own time. */
  readonly change?: string;
};

/** A change of mode or flag is known to an engine with its next lease, and to us with the one after it; two renewals may be lost. */
const CHANGE_MS = 3_000;

/**
 * Approved = effective: what every instance has loaded, is granted and does, against the control state, each second. A difference throttles, and halts
 * once it has lasted. Digests change in no strategy that trades, so theirs throttle at once. What does not report is not judged here: it is silent.
 */
export const effective = (sample: Sample, { effective: { haltAfterSeconds } }: StrategyMonitors): MonitorFinding[] =>
  sample.instances.flatMap((instance) =>
    differencesOf(sample, instance).map((each) => {
      const { instanceId } = instance;
      const about = {
        strategyId: sample.state.id,
        rule: 'effective' as const,
        subject: `${[each.what, each.change].filter(Boolean).join(' ')}@${instanceId}`,
      };
      const ms = stoodMs(sample.standing, alertId(about), sample.now);
      return {
        ...{ ...about, ...weigh(ms, each.graceMs, haltAfterSeconds * 1_000), instanceId },
        ...{ measured: ms, threshold: haltAfterSeconds * 1_000, unit: 'ms' },
        detail: `${each.what} of ${instanceId} is ${each.effective}, approved is ${each.approved}`,
      };
    }),
  );

function weigh(ms: number, graceMs: number, haltMs: number): { level: MonitorLevel; action?: MonitorAction } {
  if (ms >= haltMs) return { level: 'act', action: 'halt' };
  return ms >= graceMs ? { level: 'act', action: 'throttle' } : { level: 'warn' };
}

const LOADED = ['artifactDigest', 'limitsDigest', 'parametersDigest'] as const;

function differencesOf({ state, now }: Sample, { lease }: InstanceSample): Difference[] {
  if (!holdsLease(lease, now)) return [];
  const told = toldBy(lease, now);
  const loaded = LOADED.map((what) => compared(what, state[what], told[what], 0));
  return [
    ...loaded,
    ...(lease.grantedMode === state.mode
      ? [changed(compared('mode', state.mode, told.mode, CHANGE_MS), state.mode)]
      : []), // else it cannot know better
    changed(compared('granted mode', state.mode, lease.grantedMode, CHANGE_MS), state.mode),
    ...(lease.telemetry ? [compared('live.enabled', 'on', lease.telemetry.flag, CHANGE_MS)] : []),
  ].flat();
}

const changed = (differences: Difference[], change: string): Difference[] =>
  differences.map((each) => ({ ...each, change }));

/** What nobody approved, and what an instance does not tell, is a difference too. */
function compared(what: string, approved: string | undefined, told: string | undefined, graceMs: number): Difference[] {
  if (approved !== undefined && approved === told) return [];
  return [{ what, approved: approved ?? 'nothing', effective: told ?? 'unknown', graceMs }];
}
