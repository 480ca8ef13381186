import type { MonitorFinding } from '../finding.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { isFromTheFuture, receivedMs } from './told.ts';

/** Contract, section 8: clocks are kept within a second of UTC. Heartbeats are aged by the engine's own clock, so one that is off is told of and acts on nothing. */
export const clock = (sample: Sample, { clock: limits }: StrategyMonitors): MonitorFinding[] =>
  sample.instances.flatMap((each) => [...ofOurs(sample, each, limits), ...ofEngine(sample, each, limits)]);

type Limits = StrategyMonitors['clock'];

function ofOurs({ state, now }: Sample, { instanceId, lease }: InstanceSample, { warnMs }: Limits): MonitorFinding[] {
  if (!lease || !isFromTheFuture(lease, now)) return [];
  const ms = receivedMs(lease) - now.getTime();
  return [
    {
      ...{ strategyId: state.id, rule: 'clock', subject: `control-plane@${instanceId}`, level: 'page', instanceId },
      ...{ measured: ms, threshold: warnMs, unit: 'ms' },
      detail: `the lease of ${instanceId} was granted ${ms} ms from now: the clocks of the control plane differ, and its report counts as missing`,
    },
  ];
}

function ofEngine({ state }: Sample, { instanceId, lease }: InstanceSample, limits: Limits): MonitorFinding[] {
  const offset = lease?.telemetry?.clockOffsetMs ?? 0;
  const off = Math.abs(offset);
  if (off < limits.warnMs) return [];
  return [
    {
      ...{ strategyId: state.id, rule: 'clock', subject: instanceId, level: off >= limits.pageMs ? 'page' : 'warn' },
      ...{ measured: offset, threshold: limits.warnMs, unit: 'ms', instanceId },
      detail: `the clock of ${instanceId} is ${off} ms ${offset < 0 ? 'behind' : 'ahead of'} ours`,
    },
  ];
}
