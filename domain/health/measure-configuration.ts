import { isLive } from '../mode.ts';
import type { Reading } from './health-item.ts';
import type { HealthPorts, HealthReads } from './health-ports.ts';
import { WATCHDOG_LIMIT_MS } from './measure-watch.ts';

/** 1 where the thresholds of monitoring are missing. What cannot be read at all throws, and counts as bad. */
export async function measureThresholds({ records }: HealthPorts): Promise<Reading> {
  const monitors = await records.get('MONITORS', 'monitors');
  if (!monitors) return { value: 1, detail: 'no thresholds are registered' };
  const { by, why } = monitors.changed;
  return { value: 0, detail: `changed last by ${by}: ${why}` };
}

/** Live strategies of which the watchdog says that their approved limits (`configs/risk/limits.yaml`) cannot be read, or are none. Throws while nobody watches: then nobody knows. */
export async function measureRiskLimits({ records, now }: HealthPorts, { strategies }: HealthReads): Promise<Reading> {
  const [watch, alerts, all] = await Promise.all([
    records.get('WATCH', 'watchdog'),
    records.all('ALERT'),
    strategies(),
  ]);
  if (!watch || now().getTime() - Date.parse(watch.at) > WATCHDOG_LIMIT_MS) throw new Error('nobody watches');
  const without = all.filter(
    ({ id, mode }) =>
      isLive(mode) &&
      alerts.some(({ strategyId, rule, subject }) => strategyId === id && rule === 'limit-use' && subject === 'limits'),
  );
  const ids = without.map(({ id }) => id);
  const detail = ids.length === 0 ? 'readable for all that trades' : `none that can be read for ${ids.join(', ')}`;
  return { value: ids.length, detail };
}
