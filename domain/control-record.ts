import * as z from 'zod';
import { IssuerKeys } from './access/issuer-keys.ts';
import { Alert, PastAlert } from './alert/alert.ts';
import { Approval } from './approval/approval.ts';
import { Attestation } from './attestation/attestation.ts';
import { RunbookEdition } from './attestation/runbook-edition.ts';
import { Delivery } from './communications/delivery.ts';
import { Matrix } from './communications/matrix.ts';
import { Message } from './communications/message.ts';
import { LiveDashboard } from './dashboard/live-dashboard.ts';
import { DataIncident } from './data-incident/data-incident.ts';
import { DriftReview } from './drift/drift-review.ts';
import { Drill } from './drill/drill.ts';
import { Freeze } from './freeze/freeze.ts';
import { ChangeRecord } from './governance/change-record.ts';
import { ActorId, Digest, RunId, StrategyId } from './ids.ts';
import { ScopeLatch } from './kill/scope-latch.ts';
import { Lease } from './lease/lease.ts';
import { LogId, Receipt } from './ledger/ledger-entry.ts';
import { LimitsChange } from './limits/limits-change.ts';
import { Machine } from './machine.ts';
import { TrustedKeys } from './manifest/trusted-key.ts';
import { StoredCalendar } from './market/calendar.ts';
import { VenueHalts } from './market/halt.ts';
import { Monitors } from './monitor/monitor-settings.ts';
import { Override } from './override/override.ts';
import { PlannedHalts } from './planned-halt/planned-halt.ts';
import { PostMortem } from './post-mortem/post-mortem.ts';
import { Restoration } from './recover/restoration.ts';
import { Registration } from './registration.ts';
import { Review } from './review/review.ts';
import { Credential } from './signature/credential.ts';
import { SigningSession } from './signature/signing-session.ts';
import { LastGoodSmoke } from './smoke/last-good-smoke.ts';
import { Drain } from './stop/drain.ts';
import { Ticket } from './ticket/ticket.ts';
import { VenueIncident } from './venue-incident/venue-incident.ts';
import { WatchRecord } from './watchdog/watch-record.ts';

/** Why a run did not do what it was started for. `findings` are those of the gate that said no. */
export const Failure = z.object({
  code: z.string(),
  message: z.string(),
  next: z.string().optional(),
  findings: z.array(z.record(z.string(), z.unknown())).optional(),
});
export type Failure = z.infer<typeof Failure>;

/** The recorded intent of a run, and the projection that lists show: written before the machine starts, closed by the execution-status rule. */
export const Run = z.object({
  id: RunId,
  machine: Machine,
  strategyId: StrategyId,
  epoch: z.int().min(0),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  requestedBy: ActorId,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  ticket: z.string().optional(),
  /** What the caller asked for, e.g. {environment, artifact} of a launch or {reason} of a kill. */
  request: z.record(z.string(), z.unknown()),
  summary: z.string(),
  failure: Failure.optional(),
  /** When every history of its executions was exported: AWS keeps them for 90 days only. */
  exportedAt: z.iso.datetime().optional(),
  /** Of a trading run: its archive as it stands, so that lists need not look into the bucket. */
  archive: z
    .object({
      at: z.iso.datetime(),
      parts: z.int().min(1),
      first: Digest,
      last: Digest,
      files: z.int().min(0),
      missing: z.int().min(0),
    })
    .optional(),
});
export type Run = z.infer<typeof Run>;

/** A command that was carried out, by its key: what makes a repeat give the same reply (Idempotency-Key, or `<run>/<step>`). */
export const Command = z.object({
  id: z.string().min(1),
  bodyDigest: z.string(),
  reply: z.unknown(),
  receipt: Receipt.optional(),
  at: z.iso.datetime(),
});
export type Command = z.infer<typeof Command>;

/** The last tick of the scheduled health check. */
export const Tick = z.object({ id: z.literal('health'), at: z.iso.datetime() });
export type Tick = z.infer<typeof Tick>;

/** How far a log is signed: a projection for lists. The checkpoints themselves stand in the ledger table and the evidence bucket. */
export const SignedLog = z.object({ id: LogId, size: z.int().min(0), at: z.iso.datetime() });
export type SignedLog = z.infer<typeof SignedLog>;

/** Every kind of item beside `STRATEGY#` that the control table holds, by the prefix of its key. */
export const CONTROL_RECORDS = {
  APPROVAL: Approval,
  RUN: Run,
  MESSAGE: Message,
  DELIVERY: Delivery,
  MATRIX: Matrix,
  FREEZE: Freeze,
  COMMAND: Command,
  LEASE: Lease,
  LATCH: ScopeLatch,
  REGISTRATION: Registration,
  TICK: Tick,
  CHECKPOINT: SignedLog,
  CREDENTIAL: Credential,
  ISSUER: IssuerKeys,
  SESSION: SigningSession,
  DRILL: Drill,
  POSTMORTEM: PostMortem,
  OVERRIDE: Override,
  LIMITS: LimitsChange,
  MANIFESTKEYS: TrustedKeys,
  TICKET: Ticket,
  SMOKE: LastGoodSmoke,
  CHANGE: ChangeRecord,
  DASHBOARD: LiveDashboard,
  CALENDAR: StoredCalendar,
  HALT: VenueHalts,
  PLANNEDHALT: PlannedHalts,
  DRAIN: Drain,
  REVIEW: Review,
  ATTESTATION: Attestation,
  RUNBOOK: RunbookEdition,
  RESTORATION: Restoration,
  ALERT: Alert,
  PASTALERT: PastAlert,
  WATCH: WatchRecord,
  MONITORS: Monitors,
  DRIFT: DriftReview,
  DATAINCIDENT: DataIncident,
  VENUEINCIDENT: VenueIncident,
} as const;

export type RecordKind = keyof typeof CONTROL_RECORDS;
export type RecordOf<Kind extends RecordKind> = z.infer<(typeof CONTROL_RECORDS)[Kind]>;
export type ControlRecord = {
  [Kind in RecordKind]: { readonly kind: Kind; readonly record: RecordOf<Kind> };
}[RecordKind];
