import * as z from 'zod';
import { ActorId, RunId, StrategyId } from '../ids.ts';

export const HaltId = z
  .string()
  .regex(/^halt-[0-9a-f]{12}$/, 'the id of a planned halt is halt- and twelve hex digits');

/** A planned halt of a strategy in the trading calendar (runbook 4.1). Moments are UTC. */
export const PlannedHalt = z.object({
  id: HaltId,
  /** When trading stops, or stopped. */
  at: z.iso.datetime(),
  /** When the stop was over, whatever came of it. */
  until: z.iso.datetime().optional(),
  status: z.enum(['scheduled', 'under-way', 'done', 'failed', 'cancelled', 'taken-over']),
  reason: z.string().max(500).optional(),
  ticket: z.string().max(64).optional(),
  /** Who asked for it. */
  by: ActorId,
  /** What they asked for, on whose clocks: `2026-12-01 16:35 Europe/London`. */
  asked: z.string().max(120).optional(),
  timeZone: z.string().max(60).optional(),
  /** When the stop really began, and the run that carries it out. */
  begunAt: z.iso.datetime().optional(),
  run: RunId.optional(),
  /** What came of it, where its status does not say it all. */
  outcome: z.string().max(500).optional(),
});
export type PlannedHalt = z.infer<typeof PlannedHalt>;

/** All planned halts of a strategy in one record, so that one strongly consistent read tells them: those to come, and the last that are over. */
export const PlannedHalts = z.object({
  id: StrategyId,
  halts: z.array(PlannedHalt).max(100),
  at: z.iso.datetime(),
});
export type PlannedHalts = z.infer<typeof PlannedHalts>;

/** Ones that are over, kept to be shown; the ledger keeps all. */
const KEPT = 20;

const isOver = ({ status }: PlannedHalt): boolean => status !== 'scheduled' && status !== 'under-way';

/** The halt that waits for its time, if there is one: a strategy has one at most. */
export const scheduledIn = (calendar: PlannedHalts | undefined): PlannedHalt | undefined =>
  calendar?.halts.find(({ status }) => status === 'scheduled');

/** The record to store: what is over goes, oldest first, beyond the last 20. */
export function keptPlannedHalts(id: StrategyId, halts: readonly PlannedHalt[], now: Date): PlannedHalts {
  const over = halts.filter(isOver).slice(-KEPT);
  return { id, halts: [...over, ...halts.filter((each) => !isOver(each))], at: now.toISOString() };
}
