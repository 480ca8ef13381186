import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Alert, type PastAlert } from './alert.ts';
import { compareFindings } from './compare-findings.ts';

/** Which alerts: those that stand (when left out), or those that are over. */
export const AlertsQuery = z.strictObject({
  strategy: StrategyId.optional(),
  state: z.enum(['open', 'resolved']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type AlertsQuery = z.infer<typeof AlertsQuery>;

/** What a list shows of an alert. */
export const ListedAlert = Alert.omit({ version: true });
export type ListedAlert = z.infer<typeof ListedAlert>;

const NEWEST = 2_000;

/** Alerts that stand, the worst first, or those that are over, the newest end first: the newest 2,000 of the last 30 days. May lag by a moment. */
export async function listAlerts(
  { strategy, state, limit }: AlertsQuery,
  { records }: { readonly records: Pick<Ports['records'], 'all' | 'list'> },
): Promise<ListedAlert[]> {
  const all: ListedAlert[] =
    state === 'open'
      ? (await records.all('ALERT')).toSorted(worstFirst)
      : (await records.list('PASTALERT', { limit: NEWEST })).toSorted(lastEndFirst);
  return all.filter(({ strategyId }) => strategy === undefined || strategyId === strategy).slice(0, limit);
}

const worstFirst = (left: Alert, right: Alert): number =>
  compareFindings(right, left) || right.openedAt.localeCompare(left.openedAt);

const lastEndFirst = (left: PastAlert, right: PastAlert): number => right.resolvedAt.localeCompare(left.resolvedAt);
