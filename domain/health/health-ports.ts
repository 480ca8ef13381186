import type { Lease } from '../lease/lease.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';

/** What looking at the control plane's own health takes: nothing is changed, commanded or signed. */
export type HealthPorts = Pick<Ports, 'now'> & {
  readonly strategies: Pick<Ports['strategies'], 'list'>;
  readonly records: Pick<Ports['records'], 'get' | 'all' | 'list'>;
  readonly ledger: Pick<Ports['ledger'], 'page'>;
  readonly spool: Pick<Ports['spool'], 'read'>;
  /** What time somebody else says it is, to the second. Throws when nobody answers. */
  readonly outsideTime: () => Promise<Date>;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
};

/** Engine instances of one strategy as their leases stand; one that never renewed has none. */
export type InstancesOf = { readonly state: Strategy; readonly leases: readonly (Lease | undefined)[] };

/** What several checks need, read once for all of them. Each throws what its read threw. */
export type HealthReads = {
  readonly strategies: () => Promise<readonly Strategy[]>;
  /** Of strategies that are live. */
  readonly instances: () => Promise<readonly InstancesOf[]>;
};
