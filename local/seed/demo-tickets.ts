import type { StrategyId } from '../../domain/ids.ts';
import { ActorId } from '../../domain/ids.ts';
import type { Ticket } from '../../domain/ticket/ticket.ts';
import { ticketEntry } from '../../domain/ticket/ticket-entry.ts';
import type { DemoUser } from '../identity/demo-user.ts';
import type { SeededRecord } from './seed-records.ts';

/** The ticket that the demo manifest of a strategy names. */
export const demoTicketId = (strategy: string): string => `DEMO-${strategy}`;

/** A deployment ticket for each demo strategy, opened by one demo user and approved by another, neither of whom launches. */
export function demoTickets(strategies: readonly StrategyId[], users: readonly DemoUser[], now: Date): SeededRecord[] {
  const subjectOf = (name: string) => ActorId.parse(users.find((user) => user.name === name)?.subject);
  const [openedBy, approvedBy] = [subjectOf('quant'), subjectOf('sre')];
  return strategies.map((strategy) => {
    const opened: Ticket = {
      id: demoTicketId(strategy),
      title: `demo: ${strategy} on simulated venues`,
      status: 'open',
      strategy,
      environment: 'prod',
      openedBy,
      openedAt: now.toISOString(),
      approvals: [],
      version: 1,
    };
    const approvals = [{ by: approvedBy, role: 'sre' as const, at: now.toISOString() }];
    const record: Ticket = { ...opened, status: 'approved', approvals, version: 2 };
    const entries = [
      ticketEntry('opened', opened, { subject: openedBy }),
      ticketEntry('approved', record, { subject: approvedBy }),
    ];
    return { kind: 'TICKET', record, entries };
  });
}
