import * as z from 'zod';

/** What the communication matrix (runbook section 6) is keyed by: its four triggers, and what this product must also tell. What a message of each tells stands in `facts-of-trigger.ts`. */
export const Trigger = z.enum([
  // the four rows of the runbook
  'launch-start',
  'kill-switch',
  'planned-halt',
  'recovery-complete',
  // launches and resumptions
  'launch-withdrawn',
  'launch-postponed',
  'no-go',
  'approval-void',
  'launch-live',
  'resume-start',
  'resume-withdrawn',
  'resume-live',
  // stops
  'halt-scheduled',
  'halt-cancelled',
  'halt-skipped',
  'halt-confirmed',
  'drain-sign-off',
  'drain-escalated',
  'stop-failed',
  'settle-differences',
  // kills, and the way back
  'kill-unconfirmed',
  'kill-overdue-confirmed',
  'kill-confirmed',
  'kill-certificate',
  'incident-updated',
  'incident-update-due',
  'launch-allowed',
  'restoration-withdrawn',
  'unauthorised-kill',
  // what is watched
  'breach',
  'breach-warning',
  'breach-resolved',
  'drift-review',
  'drift-unreviewed',
  'venue-incident',
  'venue-ticket-due',
  'venue-stable',
  'venue-incident-over',
  'data-incident',
  'resume-proposed',
  'data-incident-over',
  'preemptive-halt',
  // the mode ladder
  'restricted',
  'lift-due',
  'restriction-lifted',
  // after a run
  'review-overdue',
  'runbook-attestation-due',
  'digest',
  // somebody tries a channel
  'channel-test',
]);
export type Trigger = z.infer<typeof Trigger>;
