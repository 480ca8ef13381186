import { announce } from '../communications/announce.ts';
import type { ControlRecord } from '../control-record.ts';
import type { MonitorAction } from '../monitor/finding.ts';
import type { Strategy } from '../strategy.ts';
import { type Alert, isPaging } from './alert.ts';

const DONE: Readonly<Record<MonitorAction, string>> = {
  throttle: 'its order rate is being lowered (throttle)',
  'venue-instability': 'the venue counts as unstable, and the order rate is being lowered',
  'reduce-only': 'it may only reduce its positions',
  'safe-mode': 'it goes into safe mode: no new orders, and those that rest are cancelled',
  halt: 'it is being halted: no new orders, and those that rest are cancelled',
  kill: 'it is being killed',
};

/** Runbook 3.2 and 6: what people are told of an alert that opened or climbed: all who watch, and a pager, or `#trading-ops` alone where it only warns. */
export function tellAlert(alert: Alert, { run }: Strategy): ControlRecord[] {
  const { strategyId, rule, subject, level, action, detail, reached } = alert;
  const about = {
    ...{ strategyId, runId: run?.id, detectedAt: reached.at, occasion: occasionOf(alert) },
    ...{ reason: detail, rule, subject, level },
    measured: withUnit(alert.measured, alert),
    threshold: withUnit(alert.threshold, alert),
  };
  const began = new Date(reached.since);
  if (!isPaging(alert)) return announce('breach-warning', about, began);
  const done = action ? DONE[action] : 'nothing happens by itself: look at it';
  return announce('breach', { ...about, action: done }, began);
}

/** What people are told, and a pager, when nothing that pages stands any more. */
export function tellAllClear(over: readonly Alert[], { id, mode, run }: Strategy, now: Date): ControlRecord[] {
  const lines = over.map(
    ({ rule, subject, openedAt, count }) => `${rule} of ${subject}, from ${openedAt} on, found ${count} times`,
  );
  const about = {
    ...{ strategyId: id, runId: run?.id, occasion: now.toISOString(), mode, lines: lines.join('\n') },
    reason: 'nothing that pages is found any more',
  };
  return announce('breach-resolved', about, now);
}

/** One message for each time that the alert got as bad as this: what is written again is the same message. */
const occasionOf = ({ rule, subject, level, action, reached }: Alert): string =>
  [rule, subject, action ?? level, reached.at].join('/');

const withUnit = (value: number | undefined, { unit }: Alert): string | undefined =>
  value === undefined ? undefined : `${rounded(value)}${unit === undefined ? '' : ` ${unit}`}`;

/** To four digits that matter: a share of 0.0050012 is as good as 0.005. */
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));
