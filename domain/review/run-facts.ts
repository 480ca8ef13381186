import * as z from 'zod';
import { Run } from '../control-record.ts';
import { type Digest, RunId, StrategyId } from '../ids.ts';

/** A run of a machine that belongs to what is reviewed: the launch itself, its stop, a kill, a resumption. */
const RunRow = Run.pick({ id: true, machine: true, status: true, requestedBy: true, startedAt: true }).extend({
  endedAt: z.string().optional(),
  ticket: z.string().optional(),
  summary: z.string(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  /** Of a kill: what was given as its reason. */
  reason: z.string().optional(),
  drill: z.literal(true).optional(),
});
export type RunRow = z.infer<typeof RunRow>;

/** What became of one message on one channel: times are ISO. */
export const DeliveryRow = z.object({
  id: z.string(),
  trigger: z.string(),
  channel: z.string(),
  status: z.string(),
  at: z.string(),
  sentAt: z.string().optional(),
  acknowledgedAt: z.string().optional(),
  escalatedTo: z.string().optional(),
  attempts: z.int(),
});
export type DeliveryRow = z.infer<typeof DeliveryRow>;

const Percentiles = z.object({ p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() }).nullable();

/** A threshold that somebody changed while the run went on (runbook 7.2). */
const ThresholdChange = z.object({
  log: z.string(),
  entry: z.int(),
  at: z.string(),
  type: z.string(),
  actor: z.string(),
  what: z.string(),
});
export type ThresholdChange = z.infer<typeof ThresholdChange>;

/** Failures of one state by one error, that were tried again. */
const Retried = z.object({ run: RunId, state: z.string(), error: z.string(), times: z.int() });
export type Retried = z.infer<typeof Retried>;

/**
 * Everything that a review goes by beside the ledger entries `[from, to)` themselves, as it was gathered once; kept as
 * `review/facts.json` in the folder of the run, so that summary, findings and issues can be made again from it.
 */
export const RunFacts = z.object({
  v: z.literal(1),
  /** The run that is reviewed, the run of the machine that reviews it, and the one whose end began that. */
  run: RunId,
  review: RunId,
  endedBy: RunId,
  strategy: StrategyId,
  gatheredAt: z.iso.datetime(),
  from: z.int().min(0),
  to: z.int().min(0),
  /** Where the primary venue is, by whose clocks people there read times; null where it has no calendar. */
  timeZone: z.string().nullable(),
  runs: z.array(RunRow),
  deliveries: z.array(DeliveryRow),
  alertBudget: z.object({
    deliveries: z.int(),
    acknowledged: z.int(),
    fromEvent: Percentiles,
    fromDetection: Percentiles,
    shareInTime: z.number().nullable(),
  }),
  retried: z.array(Retried),
  changes: z.array(ThresholdChange),
  /** Digests of what was agreed, as it was signed at the launch and as it is registered now. */
  configuration: z.array(z.object({ what: z.string(), atLaunch: z.string().nullable(), now: z.string().nullable() })),
  archive: z.object({ manifest: z.string().nullable(), missing: z.array(z.string()), problem: z.string().optional() }),
});
export type RunFacts = z.infer<typeof RunFacts>;

/** Facts as they were filed. */
export type FiledFacts = { readonly facts: RunFacts; readonly hash: Digest };
