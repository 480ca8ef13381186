import type { Ports } from '../ports/ports.ts';

/** What keeping and deciding drift reviews reads and writes. */
export type DriftPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;
