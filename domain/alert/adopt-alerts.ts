import type { Alert, Tracked } from './alert.ts';
import type { AlertBook } from './alert-book.ts';

/** Until a look has judged the strategy of an alert, its own settings are not known. */
const UNTIL_JUDGED = { resolveAfterSeconds: 30, recountSeconds: 60 };

/**
 * Takes open alerts of the store into the book of a watch that does not know them: those of the watch before, and those that its list, which lags,
 * did not show at first. What is known already stays as it is. Since when it was good is left out: this watch has not seen that.
 */
export function adoptAlerts(open: readonly Alert[], { pages }: AlertBook): void {
  for (const stored of open) {
    const { tracked = [], settings = UNTIL_JUDGED } = pages.get(stored.strategyId) ?? {};
    if (tracked.some(({ alert }) => alert.id === stored.id)) continue;
    pages.set(stored.strategyId, { tracked: [...tracked, adopted(stored)], settings });
  }
}

function adopted(stored: Alert): Tracked {
  const { goodSince: _good, milder: _milder, ...alert } = stored;
  return { alert, stored };
}
