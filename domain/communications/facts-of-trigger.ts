import type { Trigger } from './trigger.ts';

/** What every message about a strategy tells: its name (twice, since the runbook calls it `<strategy>` and `<id>`), the run, and when it happened. */
const STRATEGY = ['strategy', 'id', 'run', 'time'] as const;
/** What every message about the desk tells. */
const DESK = ['time'] as const;

/** Which facts a message of a trigger may carry: a closed list, so that a template which names another one is refused where it is written. */
export const FACTS_OF_TRIGGER = {
  'launch-start': STRATEGY,
  'kill-switch': [...STRATEGY, 'reason', 'expectedRecovery', 'bridgeUrl'],
  'planned-halt': [...STRATEGY, 'reason'],
  'recovery-complete': STRATEGY,
  'launch-withdrawn': [...STRATEGY, 'reason'],
  'launch-postponed': [...STRATEGY, 'reason'],
  'no-go': [...STRATEGY, 'reason'],
  'approval-void': [...STRATEGY, 'reason'],
  'launch-live': STRATEGY,
  'resume-start': [...STRATEGY, 'reason'],
  'resume-withdrawn': [...STRATEGY, 'reason'],
  'resume-live': STRATEGY,
  'halt-scheduled': [...STRATEGY, 'when', 'halt', 'reason'],
  'halt-cancelled': [...STRATEGY, 'when', 'halt', 'reason'],
  'halt-skipped': [...STRATEGY, 'halt', 'reason'],
  'halt-confirmed': STRATEGY,
  'drain-sign-off': [...STRATEGY, 'reason', 'lines'],
  'drain-escalated': [...STRATEGY, 'reason', 'lines'],
  'stop-failed': [...STRATEGY, 'reason'],
  'settle-differences': [...STRATEGY, 'reason', 'lines'],
  'kill-unconfirmed': STRATEGY,
  'kill-overdue-confirmed': STRATEGY,
  'kill-confirmed': STRATEGY,
  'kill-certificate': [...STRATEGY, 'digest'],
  'incident-updated': [...STRATEGY, 'expectedRecovery', 'bridgeUrl'],
  'incident-update-due': [...STRATEGY, 'reason', 'expectedRecovery', 'bridgeUrl'],
  'launch-allowed': STRATEGY,
  'restoration-withdrawn': [...STRATEGY, 'reason'],
  'unauthorised-kill': [...DESK, 'actor', 'roles', 'times', 'since', 'path', 'code'],
  breach: [...STRATEGY, 'reason', 'rule', 'subject', 'level', 'action', 'measured', 'threshold'],
  'breach-warning': [...STRATEGY, 'reason', 'rule', 'subject', 'level', 'measured', 'threshold'],
  'breach-resolved': [...STRATEGY, 'reason', 'mode', 'lines'],
  'drift-review': [...STRATEGY, 'reason', 'lines'],
  'drift-unreviewed': [...STRATEGY, 'reason', 'lines'],
  'venue-incident': [...STRATEGY, 'venue', 'reason', 'ticket', 'rate', 'killAt'],
  'venue-ticket-due': [...STRATEGY, 'venue', 'incident', 'killAt'],
  'venue-stable': [...STRATEGY, 'venue', 'reason', 'ticket'],
  'venue-incident-over': [...STRATEGY, 'venue', 'reason', 'ticket'],
  'data-incident': [...STRATEGY, 'reason', 'incident'],
  'resume-proposed': [...STRATEGY, 'reason', 'incident'],
  'data-incident-over': [...STRATEGY, 'reason', 'incident'],
  'preemptive-halt': [...STRATEGY, 'reason', 'cause'],
  restricted: [...STRATEGY, 'reason', 'by', 'restriction', 'approved'],
  'lift-due': [...STRATEGY, 'reason', 'restriction', 'approved'],
  'restriction-lifted': [...STRATEGY, 'reason', 'by', 'approved'],
  'review-overdue': [...STRATEGY, 'reason'],
  'runbook-attestation-due': [...DESK, 'reason'],
  digest: [...DESK, 'week', 'lines'],
  'channel-test': [...DESK, 'channel', 'by'],
} as const satisfies Record<Trigger, readonly string[]>;

export type FactOf<About extends Trigger> = (typeof FACTS_OF_TRIGGER)[About][number];

/** Whether a word is a fact that messages of the trigger may carry. */
export const isFactOf = (trigger: Trigger, word: string): boolean =>
  FACTS_OF_TRIGGER[trigger].some((fact) => fact === word);
