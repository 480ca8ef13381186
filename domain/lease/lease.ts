import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import { Mode } from '../mode.ts';
import { Telemetry } from '../monitor/telemetry.ts';

/** What one engine instance was last granted, with what it told us when it asked. Times are those of the control plane. */
export const Lease = z.object({
  /** `<strategy>/<instance>`. */
  id: z.string().min(1),
  strategyId: StrategyId,
  instanceId: z.string().min(1),
  epoch: z.int().min(0),
  grantedMode: Mode,
  grantedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** What the newest renewal told, as far as it is believed: epoch, mode, halt, digests, open orders, backlog, positions, profit and loss, heartbeats, halts of venues. What is not there is not known. */
  report: z.record(z.string(), z.unknown()),
  /** What monitoring keeps of the renewals. Where it cannot be read, as that of another version, it is missing: the next renewal writes it anew. */
  telemetry: Telemetry.optional().catch(undefined),
});
export type Lease = z.infer<typeof Lease>;

export const leaseId = (strategyId: StrategyId, instanceId: string): string => `${strategyId}/${instanceId}`;
