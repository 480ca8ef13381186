import type { Alert } from './alert.ts';
import type { AlertBook } from './alert-book.ts';

/** Until a look has judged the strategy of an alert, its own settings are not known. */
const UNTIL_JUDGED = { resolveAfterSeconds: 30, recountSeconds: 60 };

/**
 * Takes open alerts of the store into the book of a watch that does not know them: those of the watch before, and those that its list, which lags,
 * did not show at first. What is known already stays as it is. Since when it is milder or away counts on, else what has to be quiet for longer than
 * a watch lasts would stand for ever.
 */
export function adoptAlerts(open: readonly Alert[], { pages }: AlertBook): void {
  for (const stored of open) {
    const { tracked = [], settings = UNTIL_JUDGED } = pages.get(stored.strategyId) ?? {};
    if (tracked.some(({ alert }) => alert.id === stored.id)) continue;
    pages.set(stored.strategyId, { tracked: [...tracked, { alert: stored, stored }], settings });
  }
}
