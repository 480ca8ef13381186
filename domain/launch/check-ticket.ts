import type { StrategyId } from '../ids.ts';
import type { NoTicket, TicketFacts } from '../ports/trackers.ts';
import { type EvidenceRef, type Finding, finding } from './finding.ts';

/** What a manifest says its ticket is about. */
export type TicketOf = {
  readonly ticket: string;
  readonly strategyId: StrategyId;
  readonly environment: string;
  readonly commit: string;
};

/** Runbook 1.1: the deployment ticket is there, somebody else than who opened it approved it, and it is about this very change. */
export function checkTicket(of: TicketOf, read: TicketFacts | NoTicket, now: Date): Finding[] {
  const evidence = { source: read.source, observedAt: now.toISOString(), ...('hash' in read && { hash: read.hash }) };
  const there = finding('hash' in read, 'missing' in read && read.missing ? 'UnknownTicket' : 'TicketUnreadable', {
    check: 'ticket.there',
    expected: `a ticket ${of.ticket}`,
    actual: 'hash' in read ? 'there' : read.problem,
    evidence,
  });
  return 'hash' in read ? [there, ...checkApproval(read, evidence), ...checkSubject(of, read, evidence)] : [there];
}

function checkApproval({ approved, status, openedBy, approvedBy }: TicketFacts, evidence: EvidenceRef): Finding[] {
  const others = approvedBy.filter((by) => by !== openedBy);
  return [
    finding(approved, 'TicketNotApproved', {
      check: 'ticket.approved',
      expected: 'approved',
      actual: status,
      evidence,
    }),
    finding(others.length > 0, 'TicketNotApproved', {
      check: 'ticket.second-person',
      expected: `approved by somebody else than ${openedBy}, who opened it`,
      actual: approvedBy.length === 0 ? 'approved by nobody' : `approved by ${approvedBy.join(', ')}`,
      evidence,
    }),
  ];
}

function checkSubject(
  { strategyId, environment, commit }: TicketOf,
  { about, commit: approved }: TicketFacts,
  evidence: EvidenceRef,
): Finding[] {
  const named = (check: string, word: string) =>
    finding(about.includes(word), 'TicketMismatch', {
      check,
      expected: `a ticket about ${word}`,
      actual: about.includes(word) ? `it is about ${word}` : `it does not name ${word}`,
      evidence,
    });
  const head =
    approved === undefined
      ? []
      : [
          finding(approved === commit, 'TicketMismatch', {
            check: 'ticket.commit',
            expected: `an approval of commit ${commit}`,
            actual: `the approved head is ${approved}`,
            evidence,
          }),
        ];
  return [named('ticket.strategy', strategyId), named('ticket.environment', environment), ...head];
}
