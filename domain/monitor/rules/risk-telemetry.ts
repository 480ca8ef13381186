import type { Strategy } from '../../strategy.ts';
import { alertId, type MonitorFinding } from '../finding.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { InstanceSample, Sample } from '../sample.ts';
import { stoodMs } from '../standing.ts';
import { missedBeats } from './missed-beats.ts';
import { holdsLease, type Told, toldBy } from './told.ts';

/**
 * Runbook 3.4: the risk service of every instance is green, and its kill switch is wired. What a lease shows of that wiring: the engine has taken the
 * strategy's present epoch, by which every kill fences, and its halt latch says what we say, which while it trades is "not halted". Whether a kill
 * really reaches it is proved before each launch (the probe of the kill path), not here. Three missed cycles mandate a pre-emptive halt.
 */
export const riskTelemetry = (sample: Sample, settings: StrategyMonitors): MonitorFinding[] => {
  const { slaMs } = settings.heartbeats.riskService;
  return sample.instances.flatMap((instance) => [
    ...missedBeats(sample, instance, { rule: 'risk-telemetry', component: 'riskService', slaMs, action: 'halt' }),
    ...unwired(sample, instance, slaMs),
  ]);
};

function unwired(sample: Sample, { instanceId, lease }: InstanceSample, slaMs: number): MonitorFinding[] {
  const { state, now } = sample;
  if (!holdsLease(lease, now)) return []; // silent: its heartbeats tell
  const problem = problemOf(state, toldBy(lease, now));
  if (problem === undefined) return [];
  const about = { strategyId: state.id, rule: 'risk-telemetry' as const, subject: `killSwitch@${instanceId}` };
  const ms = stoodMs(sample.standing, alertId(about), now);
  const level = ms >= 3 * slaMs ? 'act' : ms >= 2 * slaMs ? 'page' : 'warn';
  const action = level === 'act' && { action: 'halt' as const };
  const measured = { measured: ms, threshold: 3 * slaMs, unit: 'ms' };
  return [{ ...about, level, ...action, ...measured, instanceId, detail: `${instanceId} ${problem}` }];
}

function problemOf(state: Strategy, { epoch, halted }: Told): string | undefined {
  if (epoch !== state.epoch) return `is at epoch ${epoch ?? 'unknown'}, and the strategy at ${state.epoch}`;
  if (halted === false) return undefined;
  return `says ${halted ? 'that it is halted' : 'nothing of its halt latch'}, and the strategy is ${state.mode}`;
}
