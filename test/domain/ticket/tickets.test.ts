import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogDecision } from '../../../domain/ports/strategies.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { approveTicket, closeTicket, rejectTicket } from '../../../domain/ticket/decide-ticket.ts';
import { openTicket, TicketRequest, ticketIdFor } from '../../../domain/ticket/open-ticket.ts';
import type { Ticket } from '../../../domain/ticket/ticket.ts';
import { githubRefIn, TicketRef } from '../../../domain/ticket/ticket-ref.ts';
import { person, START, STRATEGY } from '../../fakes/world.ts';

const quant = person('quant', 'quant');
const sre = person('sre', 'sre');
const risk = person('risk', 'risk-officer');
const now = START;
const request = { id: 'OPS-12', title: 'a shorter window', strategy: STRATEGY, environment: 'prod' };

const taken = (decision: LogDecision<Ticket> | Refusal): Ticket => {
  assert.ok(!(decision instanceof Refusal), String(decision));
  return decision.reply;
};
const codeOf = (decision: unknown) => (decision instanceof Refusal ? decision.code : 'taken');
const opened = () => taken(openTicket(undefined, request, { caller: quant, now }));
const approved = () => taken(approveTicket(opened(), 'OPS-12', { caller: sre, now }));

describe('openTicket', () => {
  it('opens a ticket with its entry, and refuses an id that is taken', () => {
    const decision = openTicket(undefined, request, { caller: quant, now });

    const ticket = taken(decision);
    assert.deepEqual([ticket.status, ticket.openedBy, ticket.version], ['open', 'sub-quant', 1]);
    assert.ok(!(decision instanceof Refusal));
    assert.deepEqual(
      decision.entries.map(({ type, actor, ticket: of }) => [type, actor, of]),
      [['ticket.opened', 'sub-quant', 'OPS-12']],
    );
    assert.equal(codeOf(openTicket(ticket, request, { caller: sre, now })), 'TicketTaken');
  });

  it('finds an id for a ticket that nobody named: the same for the same command', () => {
    assert.equal(ticketIdFor('key-1', now), ticketIdFor('key-1', now));
    assert.match(ticketIdFor('key-1', now), /^CHG-20261124-[0-9a-f]{8}$/);
    assert.notEqual(ticketIdFor('key-1', now), ticketIdFor('key-2', now));
  });

  for (const [what, changes] of [
    ['no title', { title: '  ' }],
    ['a title of a thousand characters', { title: 'x'.repeat(1000) }],
    ['an id that is a path', { id: '../OPS-1' }],
    ['a ticket of a tracker of others', { id: 'github:desk/strategies#1' }],
    ['an unknown member', { status: 'approved' }],
  ] as const) {
    it(`takes no ${what}`, () => assert.equal(TicketRequest.safeParse({ ...request, ...changes }).success, false));
  }
});

describe('approveTicket', () => {
  it('takes the approval of another person, in the role that may, once each', () => {
    const ticket = approved();

    assert.deepEqual(
      [ticket.status, ticket.version, ticket.approvals.map(({ by, role }) => [by, role])],
      ['approved', 2, [['sub-sre', 'sre']]],
    );
    const again = approveTicket(ticket, 'OPS-12', { caller: sre, now });
    assert.ok(!(again instanceof Refusal));
    assert.deepEqual([again.entries, again.reply], [[], ticket]);
    assert.equal(taken(approveTicket(ticket, 'OPS-12', { caller: risk, now })).approvals.length, 2);
  });

  it('refuses whoever opened it, a role that does not approve, and a ticket that is not there', () => {
    const both = { ...sre, roles: [...sre.roles, ...quant.roles], subject: quant.subject };

    assert.equal(codeOf(approveTicket(opened(), 'OPS-12', { caller: both, now })), 'SamePerson');
    assert.equal(codeOf(approveTicket(opened(), 'OPS-12', { caller: person('other', 'quant'), now })), 'WrongRole');
    assert.equal(codeOf(approveTicket(undefined, 'OPS-12', { caller: sre, now })), 'UnknownTicket');
  });
});

describe('rejectTicket and closeTicket', () => {
  it('take even an approved ticket out of use, say why, and leave it so', () => {
    const ticket = taken(rejectTicket(approved(), 'OPS-12', { caller: risk, now, reason: 'not this week' }));

    assert.deepEqual(
      [ticket.status, ticket.endedBy, ticket.reason, ticket.version],
      ['rejected', 'sub-risk', 'not this week', 3],
    );
    assert.equal(codeOf(approveTicket(ticket, 'OPS-12', { caller: sre, now })), 'AlreadyDecided');
    assert.equal(codeOf(closeTicket(ticket, 'OPS-12', { caller: sre, now })), 'AlreadyDecided');
    const again = rejectTicket(ticket, 'OPS-12', { caller: sre, now });
    assert.deepEqual(again instanceof Refusal ? again : again.entries, []);
  });

  it('let who opened it withdraw it, and nobody else without the role', () => {
    assert.equal(taken(rejectTicket(opened(), 'OPS-12', { caller: quant, now })).status, 'rejected');
    assert.equal(taken(closeTicket(approved(), 'OPS-12', { caller: quant, now })).status, 'closed');
    assert.equal(codeOf(rejectTicket(opened(), 'OPS-12', { caller: person('other', 'quant'), now })), 'WrongRole');
  });

  it('know no ticket that is not there, and close one only once', () => {
    const closed = taken(closeTicket(opened(), 'OPS-12', { caller: sre, now }));

    const again = closeTicket(closed, 'OPS-12', { caller: sre, now });
    assert.deepEqual(again instanceof Refusal ? again : again.entries, []);
    for (const decide of [rejectTicket, closeTicket])
      assert.equal(codeOf(decide(undefined, 'OPS-12', { caller: sre, now })), 'UnknownTicket');
  });
});

describe('TicketRef', () => {
  for (const ref of ['OPS-12', 'DEMO-btc-momentum', 'CHG-20261124-0a1b2c3d', 'github:desk/strategies.prod#7'])
    it(`takes ${ref}`, () => assert.equal(TicketRef.parse(ref), ref));
  for (const ref of [
    'ops-12',
    'OPS 12',
    'github:desk/strategies',
    'github:desk/..#1',
    'github:desk/a/b#1',
    'github:desk/strategies#0',
    'github:https://evil.example/x#1',
    `OPS-${'1'.repeat(61)}`,
  ])
    it(`refuses ${ref}`, () => assert.equal(TicketRef.safeParse(ref).success, false));

  it('takes a reference to GitHub apart', () => {
    assert.deepEqual(githubRefIn('github:desk/strategies#12'), { owner: 'desk', repository: 'strategies', number: 12 });
    assert.equal(githubRefIn('OPS-12'), undefined);
  });
});
