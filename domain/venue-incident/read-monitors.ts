import { type StrategyMonitors, settingsFor } from '../monitor/monitor-settings.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';

type Reads = { readonly records: Pick<Ports['records'], 'get'> };

/** Runbook 5.3, where no threshold can be read: the slowest rate and the runbook's own five minutes. */
export const USUAL = { mitigationOrdersPerSec: 1, killAfterSeconds: 300 } as const;

/** The thresholds of a strategy; nothing where they were never deployed. */
export async function readMonitors(
  registration: Registration,
  { records }: Reads,
): Promise<StrategyMonitors | undefined> {
  const monitors = await records.get('MONITORS', 'monitors');
  return monitors && settingsFor(monitors, registration);
}
