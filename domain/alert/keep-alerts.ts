import type { StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import type { Tracked } from './alert.ts';
import { type AlertBook, trackedIn } from './alert-book.ts';
import { alertChange } from './alert-change.ts';
import { alertsDecision, type Due, successor } from './alerts-decision.ts';
import { compareFindings } from './compare-findings.ts';
import { continueAlert } from './continue-alert.ts';

export type AlertPorts = Pick<Ports, 'now'> & {
  readonly strategies: Pick<Ports['strategies'], 'read' | 'commit'>;
  readonly records: Pick<Ports['records'], 'get' | 'replace'>;
};

/** Whose alerts could not be written, and why: they are tried again at the next call. */
export type AlertsKept = { readonly failed: readonly { readonly strategyId: StrategyId; readonly why: string }[] };

const AT_ONCE = 12; // a transaction holds 100 items: four for each, the strategy, and fifty entries that kills may have left
const ATTEMPTS = 3;

/**
 * Writes what of the book is news, all strategies at the same time and each for itself: a fault or a slow answer of one holds up no other, and no
 * strategy is written twice at once, however often this is called meanwhile. `states` are those of this tick; they save a read.
 */
export async function keepAlerts(states: readonly Strategy[], book: AlertBook, ports: AlertPorts): Promise<AlertsKept> {
  const stateOf = new Map(states.map((state) => [state.id, state]));
  const failed = await Promise.all([...book.pages.keys()].map((id) => keepOne(id, stateOf.get(id), book, ports)));
  return { failed: failed.flatMap((each) => each ?? []) };
}

async function keepOne(strategyId: StrategyId, state: Strategy | undefined, book: AlertBook, ports: AlertPorts) {
  if (book.writing.has(strategyId) || dueIn(book, strategyId, ports.now()).length === 0) return undefined;
  book.writing.add(strategyId);
  const kept = await writeDue(strategyId, state, book, ports).then(
    (isWritten) => (isWritten ? undefined : { strategyId, why: 'it is being changed by others' }),
    (fault: unknown) => ({ strategyId, why: String(fault) }), // isolation is the point: it is told, and tried again a second later
  );
  book.writing.delete(strategyId);
  return kept;
}

/** The worst first, and what is over last. */
function dueIn({ pages }: AlertBook, id: StrategyId, now: Date): Due[] {
  const page = pages.get(id);
  if (!page) return [];
  return page.tracked
    .flatMap((tracked) => {
      const change = alertChange(tracked, page.settings, now);
      return change ? [{ tracked, change }] : [];
    })
    .toSorted(
      (left, right) => urgencyOf(right) - urgencyOf(left) || compareFindings(right.tracked.alert, left.tracked.alert),
    )
    .slice(0, AT_ONCE);
}

const urgencyOf = ({ change }: Due): number => (change === 'opened' || change === 'climbed' ? 1 : 0);

/** False where others came first each time. */
async function writeDue(
  id: StrategyId,
  given: Strategy | undefined,
  book: AlertBook,
  ports: AlertPorts,
): Promise<boolean> {
  await lookUp(id, ({ tracked }) => tracked.stored === undefined, book, ports);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const state = attempt === 0 && given ? given : await ports.strategies.read(id);
    const due = dueIn(book, id, ports.now());
    if (!state || due.length === 0) return true;
    if (await write(state, due, book, ports)) return true;
    await lookUp(id, () => true, book, ports);
  }
  return false;
}

/** Asks the store how those that are due stand there: what was taken for new may be known. */
async function lookUp(id: StrategyId, which: (due: Due) => boolean, book: AlertBook, { records, now }: AlertPorts) {
  const asked = dueIn(book, id, now()).filter(which);
  await Promise.all(
    asked.map(async ({ tracked: { alert } }) => {
      const stored = await records.get('ALERT', alert.id);
      revise(id, alert.id, (tracked) => continueAlert(tracked, stored), book);
    }),
  );
}

async function write(state: Strategy, due: readonly Due[], book: AlertBook, ports: AlertPorts): Promise<boolean> {
  const [news, counts] = [due.filter(isNews), due.filter((each) => !isNews(each))];
  const all = trackedIn(book, state.id);
  const now = ports.now();
  const written =
    news.length === 0 || (await ports.strategies.commit(state, alertsDecision(state, news, all, now), now));
  const counted = await Promise.all(
    counts.map((each) => ports.records.replace({ kind: 'ALERT', record: successor(each) })),
  );
  const done = [...(written ? news : []), ...counts.filter((_each, at) => counted[at])];
  for (const each of done)
    revise(state.id, each.tracked.alert.id, ({ alert }) => ({ alert, stored: successor(each) }), book);
  return done.length === due.length;
}

const isNews = ({ change }: Due): boolean => change !== 'recounted';

/** Looks may have gone on meanwhile: only what is known of the store changes. */
function revise(id: StrategyId, alert: string, next: (tracked: Tracked) => Tracked, { pages }: AlertBook): void {
  const page = pages.get(id);
  if (!page) return;
  pages.set(id, { ...page, tracked: page.tracked.map((each) => (each.alert.id === alert ? next(each) : each)) });
}
