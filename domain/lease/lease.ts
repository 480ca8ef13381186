import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import { Mode } from '../mode.ts';

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
  /** The renewal request as it came: mode, open orders, positions, digests, heartbeats. */
  report: z.record(z.string(), z.unknown()),
});
export type Lease = z.infer<typeof Lease>;

export const leaseId = (strategyId: StrategyId, instanceId: string): string => `${strategyId}/${instanceId}`;
