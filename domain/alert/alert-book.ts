import type { StrategyId } from '../ids.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import type { Alert, Tracked } from './alert.ts';

/** What the watch has in mind of each strategy: its alerts as they are, as they are stored, and by which settings. */
export type AlertPage = { readonly tracked: readonly Tracked[]; readonly settings: StrategyMonitors['alerts'] };

/** The alerts of all strategies, in the memory of one watch. `writing`: which strategies have a write on its way. */
export type AlertBook = { readonly pages: Map<StrategyId, AlertPage>; readonly writing: Set<StrategyId> };

export const newAlertBook = (): AlertBook => ({ pages: new Map(), writing: new Set() });

export const trackedIn = ({ pages }: AlertBook, id: StrategyId): readonly Tracked[] => pages.get(id)?.tracked ?? [];

/** The alerts of a strategy as the watch has them in mind, those among them that are over and not yet written so. */
export const alertsOf = (book: AlertBook, id: StrategyId): Alert[] => trackedIn(book, id).map(({ alert }) => alert);
