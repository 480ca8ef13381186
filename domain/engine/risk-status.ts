import * as z from 'zod';
import { Digest } from '../ids.ts';
import { TradingMode } from './trading-mode.ts';
import { VenueKind } from './venue-kind.ts';

const loaded = Digest.nullable();

/** `risk/live/status` of one instance (runbook 2, Go/No-Go): what it runs, and whether a halt would reach it. */
export const RiskStatus = z.object({
  strategyId: z.string().min(1),
  instanceId: z.string().min(1),
  mode: TradingMode,
  halted: z.boolean(),
  epoch: z.int().min(0),
  artifactDigest: loaded,
  limitsDigest: loaded,
  parametersDigest: loaded,
  /** The limits that it enforces, whole, as they were deployed: shown field by field where they differ. Optional. */
  limits: z.unknown().optional(),
  /** What it is set up with beside its deployment: the same as in its attestation (domain/engine/attestation.ts). */
  configurationDigest: Digest.optional(),
  /** `subscribed`: the kill key is loaded and the latch can be persisted, both tried at `lastProbeAt`. */
  killSwitch: z.object({ subscribed: z.boolean(), lastProbeAt: z.iso.datetime().nullable() }),
  /** `p95Ms` is null while there is nothing to measure. */
  acknowledgements: z.object({ healthy: z.boolean(), p95Ms: z.number().min(0).nullable() }),
  queueBacklog: z.int().min(0),
  riskHeartbeatAt: z.iso.datetime().nullable(),
  capabilities: z.array(z.string()),
  /** Every venue at which the instance may trade. An engine that does not say so, or not readably, is taken to be live. */
  venues: z
    .array(z.object({ venue: z.string(), kind: VenueKind }))
    .optional()
    .catch(undefined),
});
export type RiskStatus = z.infer<typeof RiskStatus>;
