import type { ControlRecord } from '../control-record.ts';
import type { Decision } from '../decision.ts';
import { ActorId } from '../ids.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { Strategy } from '../strategy.ts';
import { type Alert, isPaging, type Tracked } from './alert.ts';
import { type AlertChange, pages } from './alert-change.ts';
import { tellAlert, tellAllClear } from './alert-messages.ts';

export type Due = { readonly tracked: Tracked; readonly change: AlertChange };

const WATCHDOG = ActorId.parse('service:watchdog');

/**
 * Alerts of one strategy with their entries and messages, to be written as one: what is announced stands in the log, and the other way round. The
 * pager's incident, one for each strategy, is resolved with the last alert that pages; `all` are those of the strategy, written now or not.
 */
export function alertsDecision(state: Strategy, due: readonly Due[], all: readonly Tracked[], now: Date): Decision {
  const over = due.flatMap(({ tracked: { alert, stored } }) =>
    stored && isPaging(stored) && !isPaging(alert) ? [alert] : [],
  );
  const written = new Set(due.map(({ tracked }) => tracked.alert.id));
  const stillPages = all.some((each) => pages(each, written.has(each.alert.id)));
  return {
    state,
    entries: due.map(({ tracked, change }) => entryOf(tracked.alert, change, state)),
    records: [
      ...due.flatMap(recordsOf),
      ...due.flatMap((each) => told(each, state)),
      ...(over.length > 0 && !stillPages ? tellAllClear(over, state, now) : []),
    ],
    reply: undefined,
  };
}

/** The alert as it is written over the one that stands. What is over before anybody could write that it is there opens first, and ends with the next write. */
export function successor({ tracked: { alert, stored }, change }: Due): Alert {
  const { resolvedAt, ...open } = alert;
  const isOver = change === 'resolved' && resolvedAt !== undefined;
  return { ...open, ...(isOver && { resolvedAt }), version: (stored?.version ?? 0) + 1 };
}

function recordsOf(due: Due): ControlRecord[] {
  const record = successor(due);
  const { version: _version, resolvedAt, ...past } = record;
  const id = `${record.id}@${record.openedAt}`;
  return [
    { kind: 'ALERT', record },
    ...(resolvedAt === undefined ? [] : [{ kind: 'PASTALERT' as const, record: { ...past, id, resolvedAt } }]),
  ];
}

/** A warning that comes back soon is not told again. */
function told(due: Due, state: Strategy): ControlRecord[] {
  const { tracked, change } = due;
  const alert = successor(due);
  const isWorse = change === 'opened' || change === 'climbed';
  const isKnown = alert.openedAt === tracked.stored?.openedAt && !isPaging(alert);
  return isWorse && !isKnown ? tellAlert(alert, state) : [];
}

function entryOf(alert: Alert, change: AlertChange, { run }: Strategy): NewEntry {
  const { id, rule, subject, level, action, detail, measured, threshold, unit, instanceId, venue } = alert;
  const { openedAt, reached, count } = alert;
  const told = { alert: id, rule, subject, level, action, detail, measured, threshold, unit, instanceId, venue };
  const payload = { ...told, openedAt, since: reached.since, detectedAt: reached.at, count };
  const known = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return { type: `alert.${change}`, actor: WATCHDOG, ...(run && { run: run.id }), payload: known };
}
