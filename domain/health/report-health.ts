import type { Metric, Metrics } from '../ports/metrics.ts';
import { type HealthItem, LEVELS } from './health-item.ts';
import type { HealthPorts } from './health-ports.ts';
import { readHealth } from './read-health.ts';

/** Puts every check of the control plane's own health into the metrics that alarms watch. Answers the worst. */
export async function reportHealth(ports: HealthPorts & { readonly metrics: Metrics }): Promise<'ok' | 'warn' | 'bad'> {
  const { status, checks } = await readHealth(ports);
  for (const item of checks) ports.metrics.put({ Check: item.check }, metricsOf(item), factsOf(item));
  ports.metrics.flush();
  return status;
}

const metricsOf = ({ status, value, unit }: HealthItem): Metric[] => [
  { name: 'HealthLevel', value: LEVELS[status], unit: 'None' },
  ...(value === null
    ? []
    : [{ name: 'HealthValue', value, unit: unit === 'ms' ? ('Milliseconds' as const) : ('Count' as const) }]),
];

const factsOf = ({ status, detail }: HealthItem) => ({ status, detail });
