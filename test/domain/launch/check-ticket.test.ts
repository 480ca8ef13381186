import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import { changeApprovalGate } from '../../../domain/launch/change-approval-gate.ts';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { checkTicket } from '../../../domain/launch/check-ticket.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import type { NoTicket, TicketFacts } from '../../../domain/ports/trackers.ts';
import { COMMIT, signedManifest } from '../../fakes/signed-manifest.ts';
import { launching, START, STRATEGY } from '../../fakes/world.ts';

const of = { ticket: 'TP-1', strategyId: STRATEGY, environment: 'prod', commit: COMMIT };
const facts: TicketFacts = {
  ...{ source: 'ticket TP-1', hash: digestOf('ticket'), approved: true, status: 'approved' },
  ...{ openedBy: 'sub-quant', approvedBy: ['sub-sre'], about: [STRATEGY, 'prod'] },
};
const judged = (read: TicketFacts | NoTicket) =>
  checkTicket(of, read, START)
    .filter(({ verdict }) => verdict !== 'go')
    .map(({ check, code, actual, hard }) => [check, code, actual, hard]);

describe('checkTicket', () => {
  it('goes for a ticket that somebody else approved for exactly this', () => assert.deepEqual(judged(facts), []));

  for (const [what, read, expected] of [
    [
      'a ticket that does not exist',
      { source: 'ticket TP-1', missing: true, problem: 'there is no ticket TP-1' },
      [['ticket.there', 'UnknownTicket', 'there is no ticket TP-1', true]],
    ],
    [
      'a tracker that does not answer',
      { source: 'https://api.github.com', missing: false, problem: 'GitHub does not answer' },
      [['ticket.there', 'TicketUnreadable', 'GitHub does not answer', true]],
    ],
    [
      'one that nobody approved',
      { ...facts, approved: false, status: 'open', approvedBy: [] },
      [
        ['ticket.approved', 'TicketNotApproved', 'open', true],
        ['ticket.second-person', 'TicketNotApproved', 'approved by nobody', true],
      ],
    ],
    [
      'one that its author approved',
      { ...facts, approvedBy: ['sub-quant'] },
      [['ticket.second-person', 'TicketNotApproved', 'approved by sub-quant', true]],
    ],
    [
      'one about another strategy',
      { ...facts, about: ['eurusd-carry', 'prod'] },
      [['ticket.strategy', 'TicketMismatch', 'it does not name btc-momentum', true]],
    ],
    [
      'one about another environment',
      { ...facts, about: [STRATEGY, 'paper'] },
      [['ticket.environment', 'TicketMismatch', 'it does not name prod', true]],
    ],
    [
      'an approval of another commit',
      { ...facts, commit: 'dead'.repeat(10) },
      [['ticket.commit', 'TicketMismatch', `the approved head is ${'dead'.repeat(10)}`, true]],
    ],
  ] as const) {
    it(`refuses ${what}`, () => assert.deepEqual(judged(read), expected));
  }

  it('takes the approval of the very commit', () => assert.deepEqual(judged({ ...facts, commit: COMMIT }), []));
});

describe('gate 1.1', () => {
  const codes = async (made: Awaited<ReturnType<typeof launching>>) =>
    (await changeApprovalGate(made.step, made.ports)).findings
      .filter(({ verdict }) => verdict === 'no-go')
      .map(({ code }) => code);

  it('looks for the ticket that the manifest names, and finds out when there is none', async () => {
    const made = await launching();
    made.store.records.delete('TICKET#TP-1');

    assert.deepEqual(await codes(made), ['UnknownTicket']);
  });

  it('asks the tracker that the ticket names', async () => {
    const made = await launching();
    const text = signedManifest({ ...made.approved, ticket: 'github:desk/strategies#12' }, made.key);
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from(text));
    const asked: string[] = [];
    made.ports.trackers.read = async (ref) => {
      asked.push(ref);
      return facts;
    };

    assert.deepEqual([await codes(made), asked], [[], ['github:desk/strategies#12']]);
  });

  it('says why a ticket was rejected', async () => {
    const made = await launching();
    const ticket = await made.store.get('TICKET', 'TP-1');
    assert.ok(ticket);
    await made.store.put({ kind: 'TICKET', record: { ...ticket, status: 'rejected', reason: 'not this week' } });

    const { findings } = await changeApprovalGate(made.step, made.ports);

    assert.equal(findings.find(({ check }) => check === 'ticket.approved')?.actual, 'rejected: not this week');
  });

  it('names no ticket where the manifest cannot be read', async () => {
    const made = await launching();
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from('x'));

    assert.deepEqual(await codes(made), ['ManifestTampered']);
    made.evidence.files.delete(manifestKey(STRATEGY));
    assert.deepEqual(await codes(made), ['ManifestMissing']);
  });

  it('refuses a machine that was started by hand, without a recorded launch', async () => {
    const made = await launching();

    await assert.rejects(changeApprovalGate({ ...made.step, runId: RunId.parse('by-hand') }, made.ports), {
      name: 'NoIntent',
    });
  });
});
