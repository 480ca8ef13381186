import * as z from 'zod';
import { ActorId, Digest, RunId, StrategyId } from '../ids.ts';
import { ITEM_IDS } from './runbook-items.ts';

/** What an item rests on: the hash of it, where it stands, and when it was written. A hash of an entry is its RFC 6962 leaf hash. */
export const Evidence = z.object({ hash: z.string().min(1), source: z.string().min(1), at: z.string().min(1) });
export type Evidence = z.infer<typeof Evidence>;

/** `ticked` by evidence alone; `attested` by a signed statement, where no machine can see it; `not-applicable` where it had no occasion. */
export const ItemStatus = z.enum(['ticked', 'attested', 'open', 'not-applicable']);
export type ItemStatus = z.infer<typeof ItemStatus>;

/** One item of the runbook for one run. */
export const ChecklistItem = z.object({
  id: z.enum(ITEM_IDS),
  /** The runbook's, to the letter. */
  text: z.string(),
  status: ItemStatus,
  /** Why it does not apply, or what was attested. */
  reason: z.string().optional(),
  evidence: z.array(Evidence),
  /** What keeps it open, each in a sentence; and what a person does about it. */
  missing: z.array(z.string()),
  next: z.string().optional(),
});
export type ChecklistItem = z.infer<typeof ChecklistItem>;

/** Runbook section 8 and every other item for one trading run, computed from evidence. `digest` is that of the items' canonical form. */
export const Checklist = z.object({
  run: RunId,
  strategyId: StrategyId,
  startedAt: z.iso.datetime(),
  requestedBy: ActorId,
  /** How far the run has got. */
  course: z.enum(['launching', 'live', 'stopping', 'stopped', 'killed', 'withdrawn']),
  complete: z.boolean(),
  counts: z.record(ItemStatus, z.int().min(0)),
  items: z.array(ChecklistItem),
  digest: Digest,
});
export type Checklist = z.infer<typeof Checklist>;
