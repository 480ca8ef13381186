import type { MonitorFinding } from '../finding.ts';
import type { StrategyMonitors } from '../monitor-settings.ts';
import type { Sample } from '../sample.ts';
import { missedBeats } from './missed-beats.ts';

/** Without market data a strategy goes into safe mode (runbook 5.2); without a way to its orders it is halted. */
const ACTIONS = [
  ['marketData', 'safe-mode'],
  ['featureStore', 'safe-mode'],
  ['executionGateway', 'halt'],
  ['orderAcknowledgements', 'halt'],
] as const;

/** Runbook 3.1: streaming ingestion, feature store, execution gateways and order acknowledgements report within their SLA, on every instance. */
export const heartbeat = (sample: Sample, { heartbeats }: StrategyMonitors): MonitorFinding[] =>
  sample.instances.flatMap((instance) =>
    ACTIONS.flatMap(([component, action]) =>
      missedBeats(sample, instance, { rule: 'heartbeat', component, action, slaMs: heartbeats[component].slaMs }),
    ),
  );
