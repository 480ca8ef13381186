import { metricsOf } from '../monitor/metrics-of.ts';
import type { Sample } from '../monitor/sample.ts';
import type { Known } from './known.ts';
import type { WatchdogPorts } from './watchdog-ports.ts';

/** Puts what people chart of each strategy; what cannot be measured is said in the log, and is no reason for anything else to fail. */
export function putMeasurements(
  samples: readonly Sample[],
  { settings }: Known,
  { metrics, log }: WatchdogPorts,
): void {
  for (const sample of samples) {
    const { id } = sample.state;
    const own = settings?.get(id);
    if (!own) continue;
    try {
      for (const each of metricsOf(sample, own)) metrics.put(each.dimensions, each.metrics, each.facts);
    } catch (fault) {
      log({ outcome: 'fault', message: 'it could not be measured', strategyId: id, error: String(fault) });
    }
  }
}
