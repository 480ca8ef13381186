import type { MonitorAction, MonitorFinding } from '../monitor/finding.ts';
import type { Sample } from '../monitor/sample.ts';

/** What the watchdog does about a strategy, why, and under which name: the same name for the same trouble at the same epoch, so that a repeat is no second deed. */
export type Ordered = {
  readonly sample: Sample;
  readonly finding: MonitorFinding;
  readonly action: MonitorAction;
  readonly commandId: string;
};

/** Each makes a strategy safer, does nothing where it is as safe as that already, and ends within seconds. `changed`: it did something. */
export type Deeds = Readonly<Record<MonitorAction, (ordered: Ordered) => Promise<{ readonly changed: boolean }>>>;
