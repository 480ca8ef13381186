import * as z from 'zod';
import { LeaseRequest } from '../engine/lease-request.ts';
import { RunId, StrategyId } from '../ids.ts';
import type { Lease } from '../lease/lease.ts';
import { Mode } from '../mode.ts';
import { histogramOf } from '../monitor/latency-window.ts';
import { LimitsUse } from './limits-use.ts';

const Reported = LeaseRequest.pick({
  mode: true,
  halted: true,
  openOrders: true,
  queueBacklog: true,
  positions: true,
  pnl: true,
  roundTrip: true,
  artifactDigest: true,
  limitsDigest: true,
  parametersDigest: true,
});

/** What an instance reported with its last renewal, and since when that lease stands; `unknown` where it never did, or not readably. */
const InstanceSeen = z.union([
  Reported.extend({ instanceId: z.string(), grantedAt: z.iso.datetime(), expiresAt: z.iso.datetime() }),
  z.object({ instanceId: z.string(), unknown: z.string() }),
]);
export type InstanceSeen = z.infer<typeof InstanceSeen>;

/** A live strategy at one minute, as it is kept in the folder of its run: what `telemetry.jsonl`, `pnl.jsonl` and `risk.json` are made of. */
export const Snapshot = z.object({
  v: z.literal(1),
  at: z.iso.datetime(),
  strategy: StrategyId,
  run: RunId,
  mode: Mode,
  epoch: z.int().min(0),
  maxOrdersPerSec: z.number(),
  instances: z.array(InstanceSeen),
  /** Null where the approved limits could not be read. */
  use: LimitsUse.nullable(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** One instance by its lease. Its round trips are those of the whole minute before, where that much is kept. */
export function instanceSeen(instanceId: string, lease: Lease | undefined): InstanceSeen {
  if (!lease) return { instanceId, unknown: 'it never renewed a lease' };
  const { grantedAt, report, telemetry } = lease;
  const roundTrip = telemetry ? histogramOf(telemetry.roundTrips, new Date(grantedAt)) : report['roundTrip'];
  const { success, data } = Reported.safeParse({ ...report, roundTrip });
  if (!success) return { instanceId, unknown: 'its last report cannot be read' };
  return { instanceId, grantedAt: lease.grantedAt, expiresAt: lease.expiresAt, ...data };
}

/** The file of a minute below a run's folder: one for each minute, in the order of time. */
export const snapshotFile = (at: Date): string =>
  `${SNAPSHOTS}${at.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}Z.json`;

export const SNAPSHOTS = 'snapshots/';
