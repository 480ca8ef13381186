import type { Metrics } from '../ports/metrics.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import type { HealthPorts } from './health-ports.ts';

/** Everything but flags and engines: the sweep starts machines, and those act. */
export type TickPorts = Omit<Ports, 'flags' | 'engines'> &
  Pick<HealthPorts, 'elapsedMs' | 'outsideTime'> & {
    readonly metrics: Metrics;
    /** One JSON line. */
    readonly log: (line: Record<string, unknown>) => void;
  };

/** What a duty works on; what it changes of it, those after it go on with. */
export type Sweep = {
  readonly strategies: readonly Strategy[];
  /** Refusals of minutes that began earlier are sealed. */
  readonly sealBefore: (now: Date) => Date;
  readonly ports: TickPorts;
};

/** `count`: how many it did something for. `faults`: what went wrong beside what it did. */
export type Done = {
  readonly strategies?: readonly Strategy[];
  readonly count?: number;
  readonly faults?: readonly unknown[];
};

/** `patienceMs`: how long the next one waits for it. */
export type Duty<Name extends string = string> = {
  readonly name: Name;
  readonly patienceMs: number;
  readonly perform: (sweep: Sweep) => Promise<Done>;
};
