import { alertId, type MonitorFinding } from '../finding.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';
import { holdsLease } from './told.ts';

/** Every registered instance holds a lease while the strategy is live, and one process at a time renews it. One that is silent has stopped by itself; its heartbeats act. */
export const instance = (sample: Sample): MonitorFinding[] =>
  sample.instances.flatMap((each) => [...silent(sample, each), ...duplicated(sample, each)]);

function silent(
  { state, registration, standing, now }: Sample,
  { instanceId, lease }: InstanceSample,
): MonitorFinding[] {
  const endedAt = lease?.expiresAt;
  if (holdsLease(lease, now)) return [];
  const about = { strategyId: state.id, rule: 'instance' as const, subject: `lease@${instanceId}`, instanceId };
  if (endedAt !== undefined) {
    const detail = `the lease of ${instanceId} ran out at ${endedAt}: it does not trade`;
    return [{ ...about, level: 'page', since: endedAt, detail }];
  }
  const lasts = stoodMs(standing, alertId(about), now) >= registration.leaseTtlMs;
  return [{ ...about, level: lasts ? 'page' : 'warn', detail: `${instanceId} holds no lease` }];
}

function duplicated({ state }: Sample, { instanceId, lease }: InstanceSample): MonitorFinding[] {
  const at = lease?.telemetry?.duplicatedAt;
  if (at === undefined) return [];
  const about = { strategyId: state.id, rule: 'instance' as const, subject: `duplicate@${instanceId}` };
  const detail = `two processes renew the lease of ${instanceId} in turns: one of them is not the registered instance`;
  return [{ ...about, level: 'page', instanceId, since: at, detail }];
}
