import * as z from 'zod';
import { ActorId, Digest, RunId, StrategyId } from '../ids.ts';
import { FindingCode, FindingSeverity } from './finding-code.ts';

/** One automation gap, late answer or missing proof that a review has found. `where` is what shows it: an entry, a file, a delivery. */
export const ReviewFinding = z.object({
  code: FindingCode,
  severity: FindingSeverity,
  what: z.string().max(400),
  where: z.string().max(400).optional(),
});
export type ReviewFinding = z.infer<typeof ReviewFinding>;

/** A record of the control table holds few of many: all of them are in the files of the review. */
export const MOST_KEPT = 40;

/** The review of a run that is over (runbook 7), by the id of that run: the launch, or the kill or recovery that belongs to none. */
export const Review = z.object({
  id: RunId,
  strategyId: StrategyId,
  status: z.enum(['open', 'closed']),
  /** The run of the machine that reviews, and the run whose end began it. */
  run: RunId,
  endedBy: RunId,
  /** Whoever asked for the run, and for what ended it: they do not close its review. */
  initiators: z.array(ActorId),
  /** Absent until the machine has got that far. */
  audit: z.object({ checked: z.int(), verified: z.int(), failed: z.int(), report: Digest }).optional(),
  findings: z.array(ReviewFinding).max(MOST_KEPT).optional(),
  findingCount: z.int().min(0).optional(),
  summary: Digest.optional(),
  annotations: z.int().min(0),
  openedAt: z.iso.datetime(),
  /** From when on an open one freezes launches. */
  dueAt: z.iso.datetime(),
  /** When people were told that it is overdue. */
  toldOverdueAt: z.iso.datetime().optional(),
  closedAt: z.iso.datetime().optional(),
  closedBy: ActorId.optional(),
  note: z.string().optional(),
});
export type Review = z.infer<typeof Review>;

/** Whether it holds up launches: open, and past its time. */
export const isOverdue = ({ status, dueAt }: Pick<Review, 'status' | 'dueAt'>, now: Date): boolean =>
  status === 'open' && dueAt <= now.toISOString();
