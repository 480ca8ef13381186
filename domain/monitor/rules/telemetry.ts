import { alertId, type MonitorFinding } from '../finding.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';
import { holdsLease } from './told.ts';

const PAGE_MS = 60_000;

/** What was left out of a report or limited because it could not be believed: told, and paged where it goes on. What is missing because of it is judged by the rule that misses it. */
export const telemetry = (sample: Sample): MonitorFinding[] =>
  sample.instances.flatMap((instance) => [...clampedOf(sample, instance), ...untold(sample, instance)]);

function clampedOf(sample: Sample, { instanceId, lease }: InstanceSample): MonitorFinding[] {
  return (lease?.telemetry?.clamped ?? []).map(({ code, detail }) => {
    const about = { strategyId: sample.state.id, rule: 'telemetry' as const, subject: `${code}@${instanceId}` };
    const lasts = stoodMs(sample.standing, alertId(about), sample.now) >= PAGE_MS;
    return {
      ...about,
      level: lasts ? 'page' : 'warn',
      instanceId,
      detail: `${instanceId} told what cannot be used: ${detail}`,
    };
  });
}

/** A lease that was granted without them: the function that grants is older than the one that watches. */
function untold(sample: Sample, { instanceId, lease }: InstanceSample): MonitorFinding[] {
  if (!holdsLease(lease, sample.now) || lease.telemetry) return [];
  const about = { strategyId: sample.state.id, rule: 'telemetry' as const, subject: `round-trips@${instanceId}` };
  const lasts = stoodMs(sample.standing, alertId(about), sample.now) >= PAGE_MS;
  return [
    {
      ...{ ...about, level: lasts ? 'page' : 'warn', instanceId },
      detail: `no round trips were kept with the lease of ${instanceId}: its latency is not judged`,
    },
  ];
}
