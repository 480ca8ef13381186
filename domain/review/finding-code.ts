import * as z from 'zod';

/** Everything that a review can find (runbook 7.3, 7.4), in the order in which its issues are numbered. A new one is one more line here and one rule. */
export const FindingCode = z.enum([
  'log-altered',
  'signature-missing',
  'signature-invalid',
  'kill-confirmed-late',
  'kill-without-reason',
  'signed-near-expiry',
  'manual-override',
  'lock-taken-over',
  'validation-failed',
  'stop-failed',
  'drain-deadline',
  'settle-difference',
  'settle-unanswered',
  'step-retried',
  'evidence-missing',
  'archive-not-linked',
  'delivery-failed',
  'delivery-escalated',
  'lease-lost',
]);
export type FindingCode = z.infer<typeof FindingCode>;

export const FindingSeverity = z.enum(['info', 'warning', 'critical']);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

/** What a code means: how much it weighs, in words, and what people do about it. */
type Meaning = { readonly severity: FindingSeverity; readonly title: string; readonly next: string };

export const MEANINGS: Readonly<Record<FindingCode, Meaning>> = {
  'log-altered': {
    severity: 'critical',
    title: 'An entry of the ledger is not what was written',
    next: 'export the log and verify it offline (tradepulse-cli audit export, audit verify), and call the auditor',
  },
  'signature-missing': {
    severity: 'critical',
    title: 'A signature that the runbook requires is missing',
    next: 'find out how it could happen without it, and call Compliance',
  },
  'signature-invalid': {
    severity: 'critical',
    title: 'A signature or second factor does not verify',
    next: 'treat it as tampering until it is explained: call Compliance, and revoke the authenticator it names',
  },
  'kill-confirmed-late': {
    severity: 'warning',
    title: 'A kill was confirmed late',
    next: 'find out why nobody could confirm in time, and who would have to be reachable',
  },
  'kill-without-reason': {
    severity: 'warning',
    title: 'A kill was given no reason',
    next: 'ask whoever killed, and write the reason here: tradepulse-cli review annotate',
  },
  'signed-near-expiry': {
    severity: 'info',
    title: 'A question was answered just before it expired',
    next: 'see whether people were asked in time, or had too little time',
  },
  'manual-override': {
    severity: 'warning',
    title: 'A soft no-go was passed by an override',
    next: 'mend what said no, so that the next launch needs no override',
  },
  'lock-taken-over': {
    severity: 'warning',
    title: 'A lock was let expire and was taken over',
    next: 'find out why the run that held it stood still',
  },
  'validation-failed': {
    severity: 'warning',
    title: 'A validation did not pass',
    next: 'look at its report before the same artifact is launched again',
  },
  'stop-failed': {
    severity: 'warning',
    title: 'A stop did not get through at once',
    next: 'look at the history of that stop, and mend what held it up',
  },
  'drain-deadline': {
    severity: 'warning',
    title: 'Orders still rested at the deadline of the drain',
    next: 'see whether the drain is too short for these venues, or the orders were too far from the market',
  },
  'settle-difference': {
    severity: 'warning',
    title: 'Books and venue did not agree after the stop',
    next: 'have the difference explained and booked before the next launch',
  },
  'settle-unanswered': {
    severity: 'warning',
    title: 'Somebody did not answer when books were compared',
    next: 'settle again when they answer: tradepulse-cli settle --strategy <id>',
  },
  'step-retried': {
    severity: 'info',
    title: 'A step had to be tried again and again',
    next: 'look at what it waited for; if that is usual, wait for it on purpose',
  },
  'evidence-missing': {
    severity: 'warning',
    title: 'Evidence of the run is missing',
    next: 'find the file or say why there is none: tradepulse-cli review annotate',
  },
  'archive-not-linked': {
    severity: 'warning',
    title: 'The ticket does not say where the archive is',
    next: 'link it by hand, and give the control plane leave to write there (docs/deploy.md)',
  },
  'delivery-failed': {
    severity: 'warning',
    title: 'A message did not reach a channel',
    next: 'mend that channel, then try it: tradepulse-cli comms test <channel>',
  },
  'delivery-escalated': {
    severity: 'info',
    title: 'A message had to go another way',
    next: 'mend the channel that failed, then try it: tradepulse-cli comms test <channel>',
  },
  'lease-lost': {
    severity: 'warning',
    title: 'An engine lost its lease while it was live',
    next: 'find out why the engine or the network stood still; the strategy went SAFE by itself',
  },
};
