import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { DataIncident } from './data-incident.ts';

const LISTED = 200;

/** Which data incidents are asked for: those that are not over, unless all are. */
export const DataIncidentQuery = z.strictObject({
  strategy: StrategyId.optional(),
  state: z.enum(['open', 'all']).default('open'),
});
export type DataIncidentQuery = z.infer<typeof DataIncidentQuery>;

/** The newest data incidents, in short. */
export async function listDataIncidents(
  { strategy, state }: DataIncidentQuery,
  { records }: Pick<Ports, 'records'>,
): Promise<Omit<DataIncident, 'course' | 'notes' | 'exposure'>[]> {
  const incidents = await records.list('DATAINCIDENT', { limit: LISTED });
  return incidents
    .filter((each) => strategy === undefined || each.strategyId === strategy)
    .filter(({ status }) => state === 'all' || status !== 'over')
    .map(({ course: _course, notes: _notes, exposure: _exposure, ...short }) => short);
}
