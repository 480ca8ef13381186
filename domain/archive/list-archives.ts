import * as z from 'zod';
import type { Run } from '../control-record.ts';
import { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';

/** Which archives: of a strategy, of a day (UTC, when the launch was asked for). */
export const ArchiveQuery = z.object({
  strategy: StrategyId.optional(),
  date: z.iso.date('a date is like 2026-11-24').optional(),
});
export type ArchiveQuery = z.infer<typeof ArchiveQuery>;

/** An archive in a list. */
export type ListedArchive = Pick<Run, 'id' | 'strategyId' | 'startedAt' | 'ticket'> & NonNullable<Run['archive']>;

const MOST_RUNS = 1_000;

/** The archives of the newest thousand runs, newest first. */
export async function listArchives(
  { strategy, date }: ArchiveQuery,
  { records }: Pick<Ports, 'records'>,
): Promise<ListedArchive[]> {
  const runs = await records.list('RUN', { limit: MOST_RUNS });
  return runs.flatMap(({ id, strategyId, startedAt, ticket, archive }) => {
    const isAsked = (strategy ?? strategyId) === strategyId && startedAt.startsWith(date ?? '');
    return archive && isAsked ? [{ id, strategyId, startedAt, ticket, ...archive }] : [];
  });
}
