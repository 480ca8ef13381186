import * as z from 'zod';
import { Approval } from '../approval/approval.ts';
import { LiveDashboard } from '../dashboard/live-dashboard.ts';
import { LiveSignal } from '../dashboard/live-signal.ts';
import { RiskStatus } from '../engine/risk-status.ts';
import { ActorId, Digest, RunId, StrategyId } from '../ids.ts';
import { Override } from '../override/override.ts';
import { DsseEnvelope } from './dsse.ts';
import { GateResult } from './finding.ts';
import { KillPathReport } from './kill-path-report.ts';

/** A file of the run's folder: its digest as it was read, and as it was recorded when it was written. */
const filed = { hash: Digest, recorded: Digest };

/** A gate of section 1, judged once more, and when. */
export const JudgedAgain = z.object({ at: z.iso.datetime(), gate: GateResult });
export type JudgedAgain = z.infer<typeof JudgedAgain>;

/**
 * All that go/no-go is judged on, as it was read at `at` (runbook 2, Go/No-Go). What could not be read is null, and `said` why. It is
 * archived whole, so that the verdict can be computed again by anybody (`runs gates --replay`). `machine` is what is to be enabled: a
 * resume has no deployment, no smoke and no probe of its own.
 */
export const GoNoGoEvidence = z.object({
  v: z.literal(1),
  machine: z.enum(['launch', 'resume']),
  run: RunId,
  strategy: StrategyId,
  environment: z.string(),
  epoch: z.int().min(0),
  at: z.iso.datetime(),
  instances: z.array(z.string()),
  venues: z.array(z.string()),
  /** What the manifest approves now. */
  approved: z.object({ artifactDigest: Digest, limitsDigest: Digest, parametersDigest: Digest }).nullable(),
  /** The gates of section 1, as they were judged in this run. */
  preconditions: z.object({ ...filed, gates: z.array(GateResult) }).nullable(),
  deployment: z.object({ verdict: z.string(), summary: z.string(), at: z.iso.datetime() }).nullable(),
  /** What two people signed (its task token left out), and whether signatures of demo authenticators count. */
  approval: Approval.omit({ taskToken: true }).nullable(),
  demoAuthenticators: z.enum(['accepted', 'refused']),
  /** Whether the world still is what they were shown. */
  plan: z.object({ unchanged: z.boolean(), said: z.string() }),
  /** The change as it was recorded off the bus, and the key that must have signed it (base64 SPKI). */
  change: z.object({ envelope: DsseEnvelope, publicKey: z.string(), recordedAt: z.iso.datetime() }).nullable(),
  smoke: z.object({ ...filed, gates: z.array(GateResult) }).nullable(),
  killPath: z.object({ ...filed, report: KillPathReport }).nullable(),
  statuses: z.array(
    z.object({ instanceId: z.string(), at: z.iso.datetime(), status: RiskStatus.nullable(), said: z.string() }),
  ),
  measured: z.array(
    z.object({
      instanceId: z.string(),
      observedAt: z.iso.datetime(),
      signals: z.partialRecord(LiveSignal, z.number()),
    }),
  ),
  dashboard: LiveDashboard.nullable(),
  /** The market and the freezes, judged again. */
  market: JudgedAgain.nullable(),
  freezes: JudgedAgain.nullable(),
  /** The overrides of soft no-goes that stood (product decision 13), their signatures checked. */
  overrides: z.array(Override.extend({ signers: z.array(ActorId) })),
});
export type GoNoGoEvidence = z.infer<typeof GoNoGoEvidence>;
