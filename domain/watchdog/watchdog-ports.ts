import type { Metrics } from '../ports/metrics.ts';
import type { Ports } from '../ports/ports.ts';
import type { BulkRecords, BulkStrategies } from '../ports/strategies.ts';

/** Everything that looking at strategies takes, and nothing that acts: what acts is in `Deeds`. */
export type WatchdogPorts = Pick<Ports, 'evidence' | 'parseYaml' | 'now' | 'jitter'> & {
  readonly strategies: BulkStrategies;
  readonly records: BulkRecords;
  /** Portfolio targets. */
  readonly portfolio: Pick<Ports['evidence'], 'read'>;
  readonly metrics: Metrics;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** A name that no other invocation has. */
  readonly newId: () => string;
  /** Counts one tick for the alarm that misses them from outside. Never throws. */
  readonly ticked: () => void;
  /** One line for the log of what went wrong, or was done. Never throws. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
};
