import * as z from 'zod';
import { ActorId, Digest, RunId, StrategyId } from './ids.ts';
import { Restriction } from './ladder/restriction.ts';
import { NewEntry } from './ledger/ledger-entry.ts';
import { Mode } from './mode.ts';
import { SafeMode } from './safe-mode/safe-mode.ts';

/** Who may change the strategy right now, for what, since when, and until when unless the run renews it (runbook 2.1). */
export const Lock = z.object({
  runId: RunId,
  actor: ActorId,
  /** The machine that holds it, and the ticket it works on. */
  action: z.string().optional(),
  ticket: z.string().optional(),
  acquiredAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type Lock = z.infer<typeof Lock>;

/** Why the strategy is killed. The first kill's initiator and reason stay; later ones are reaffirmations in the ledger. */
export const Latch = z.object({
  runId: RunId,
  initiatedBy: ActorId,
  initiatorRoles: z.array(z.string()),
  /** The key of a device signed the request: then `kill.requested` holds the initiator's signature already. */
  initiatorProof: z.literal('device-key').optional(),
  reason: z.string(),
  at: z.iso.datetime(),
  confirmedBy: ActorId.optional(),
  /** When people are told that trading may begin again: set when the kill is announced, changed by `incident update`. */
  expectedRecovery: z.iso.datetime().optional(),
  /** When `incident update` was last told: the next one is due half an hour later. */
  updatedAt: z.iso.datetime().optional(),
  /** Digest of the kill certificate, once there is one: until then nothing recovers. */
  certificate: Digest.optional(),
  /** The recovery that was asked for last. */
  recovery: RunId.optional(),
});
export type Latch = z.infer<typeof Latch>;

/**
 * The control state of one strategy: everything that decides whether it may trade, with the head of its ledger, in one
 * item, so that a change and its entry are one write (architecture sections 3 and 4).
 */
export const Strategy = z.object({
  id: StrategyId,
  mode: Mode,
  /** Fencing token: every kill, stop and lease expiry raises it; whatever carries an older one is refused. */
  epoch: z.int().min(0),
  /** The launch that is under way or live, or the stop that ends it. */
  run: z.object({ id: RunId, ticket: z.string().optional() }).optional(),
  lock: Lock.optional(),
  latch: Latch.optional(),
  artifactDigest: Digest.optional(),
  limitsDigest: Digest.optional(),
  parametersDigest: Digest.optional(),
  /** Orders per second that the engine may send; 0 means none. */
  maxOrdersPerSec: z.number().min(0),
  /** What holds it back while it trades (THROTTLED, REDUCE_ONLY), and what a lift restores. */
  restriction: Restriction.optional(),
  /** The safe mode it was taken into, while it is SAFE because of that. */
  safeMode: SafeMode.optional(),
  /** A stop has ended its drain: closing orders are over too, until the next stop begins. */
  drained: z.literal(true).optional(),
  /** The AppConfig version our writer deployed last: tells readers that their copy of the flag is old. */
  flagVersion: z.int().min(0),
  ledgerSize: z.int().min(0),
  ledgerRange: z.array(z.string()),
  /** Entries of kills that could not be sealed; the next append puts them first. */
  pendingEntries: z.array(NewEntry.extend({ at: z.iso.datetime() })),
  /** How many kills of the spool have been taken in: the next one waits under this number. */
  spooledKills: z.int().min(0).default(0),
  version: z.int().min(0),
});
export type Strategy = z.infer<typeof Strategy>;

/** A strategy as it is registered: off, at epoch 0, with an empty ledger. */
export const newStrategy = (id: StrategyId): Strategy => ({
  id,
  mode: 'OFF',
  epoch: 0,
  maxOrdersPerSec: 0,
  flagVersion: 0,
  ledgerSize: 0,
  ledgerRange: [],
  pendingEntries: [],
  spooledKills: 0,
  version: 0,
});
