import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { attestationDue } from '../../../domain/attestation/attestation-due.ts';
import { remindAttestation } from '../../../domain/attestation/remind-attestation.ts';
import { exercisesOf, runbookStatus } from '../../../domain/attestation/runbook-status.ts';
import type { Run } from '../../../domain/control-record.ts';
import { RunId } from '../../../domain/ids.ts';
import { messagesIn } from '../../fakes/told.ts';
import { STRATEGY, trader, type World, world } from '../../fakes/world.ts';
import { deployed, EDITION, runbookAttested } from './an-attesting-world.ts';

const edition = { ...EDITION, since: '2026-10-05T00:00:00.000Z' };
const at = (time: string) => new Date(time);
const attested = (time: string) => ({ ...EDITION, at: time });
const NOVEMBER = { edition, attested: attested('2026-11-02T09:00:00.000Z'), exercises: [] };
const codes = (due: ReturnType<typeof attestationDue>) => [due.status, ...due.reasons.map(({ code }) => code)];

describe('attestationDue', () => {
  it('is current when the deployed edition was attested in this quarter, and no exercise has ended since', () => {
    const exercises = ['2026-11-01T17:00:00.000Z'];

    assert.deepEqual(codes(attestationDue({ ...NOVEMBER, exercises, now: at('2026-12-31T23:59:59.999Z') })), [
      'current',
    ]);
  });

  it('is due with each quarter, and overdue a fortnight into it', () => {
    const due = (now: string) => codes(attestationDue({ ...NOVEMBER, now: at(now) }));

    assert.deepEqual(due('2027-01-01T00:00:00.000Z'), ['due', 'quarter']);
    assert.deepEqual(due('2027-01-14T23:59:59.999Z'), ['due', 'quarter']);
    assert.deepEqual(due('2027-01-15T00:00:00.000Z'), ['overdue', 'quarter']);
  });

  it('is due after each exercise that has ended since, and overdue a week after the first of them', () => {
    const exercises = ['2026-11-10T17:00:00.000Z', '2026-11-09T17:00:00.000Z', '2026-11-01T17:00:00.000Z'];
    const due = (now: string) => attestationDue({ ...NOVEMBER, exercises, now: at(now) });

    const [reason] = due('2026-11-10T18:00:00.000Z').reasons;

    assert.equal(reason?.says, '2 live-trading exercises have ended since it was attested');
    assert.deepEqual([reason.since, reason.until], ['2026-11-09T17:00:00.000Z', '2026-11-16T17:00:00.000Z']);
    assert.equal(due('2026-11-16T17:00:00.000Z').status, 'overdue');
  });

  it('is due when another text or another trace is deployed than the one that was attested', () => {
    const now = at('2026-11-03T09:00:00.000Z');
    const other = (changes: object) => codes(attestationDue({ ...NOVEMBER, edition: { ...edition, ...changes }, now }));

    assert.deepEqual(other({ text: EDITION.trace }), ['overdue', 'edition']);
    assert.deepEqual(other({ trace: EDITION.text, since: '2026-11-02T10:00:00.000Z' }), ['due', 'edition']);
  });

  it('is due from the first day where it was never attested', () => {
    const never = { edition, exercises: ['2026-10-06T17:00:00.000Z'] };

    assert.deepEqual(codes(attestationDue({ ...never, now: at('2026-10-05T00:00:01.000Z') })), ['due', 'first']);
    assert.deepEqual(codes(attestationDue({ ...never, now: at('2026-10-19T00:00:00.000Z') })), ['overdue', 'first']);
  });

  it('only gets more urgent as time passes, until somebody attests it', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 60 }), (day, later) => {
        const rank = (now: Date) => ['current', 'due', 'overdue'].indexOf(attestationDue({ ...NOVEMBER, now }).status);
        const from = Date.parse('2026-11-02T09:00:00.000Z') + day * 86_400_000;

        assert.ok(rank(new Date(from)) <= rank(new Date(from + later * 86_400_000)));
      }),
      { seed: 26 },
    ));
});

describe('exercisesOf', () => {
  it('counts stops of what traded, and kills, drills among them; nothing that goes on, and nothing else', () => {
    const run = (changes: Partial<Run>): Run => ({
      ...{ id: RunId.parse('run-1'), machine: 'stop', strategyId: STRATEGY, epoch: 1, status: 'SUCCEEDED' },
      ...{ requestedBy: trader.subject, startedAt: '2026-11-09T08:00:00.000Z', request: { stops: 'launch-1' } },
      ...{ summary: '', endedAt: '2026-11-09T17:00:00.000Z' },
      ...changes,
    });
    const { endedAt: _running, ...running } = run({});

    const ended = exercisesOf([
      run({}),
      run({ machine: 'kill', request: {}, endedAt: '2026-11-10T17:00:00.000Z' }),
      run({ request: { stops: null } }),
      run({ machine: 'launch' }),
      running,
    ]);

    assert.deepEqual(ended, ['2026-11-09T17:00:00.000Z', '2026-11-10T17:00:00.000Z']);
  });
});

describe('remindAttestation', () => {
  let made: World;
  beforeEach(async () => {
    made = world();
    made.clock.now = at('2026-11-02T12:00:00.000Z'); // a Monday
    await deployed(made);
  });
  const reminded = () => messagesIn(made, 'runbook-attestation-due');
  const afterDays = (days: number) => made.pass(days * 86_400_000);

  it('says nothing in the first week, and then once a week, however often it is asked', async () => {
    assert.equal(await remindAttestation(made.ports), false);
    afterDays(7);
    const asked = [await remindAttestation(made.ports), await remindAttestation(made.ports)];
    afterDays(1);
    asked.push(await remindAttestation(made.ports));
    afterDays(6);
    asked.push(await remindAttestation(made.ports));

    assert.deepEqual(asked, [true, false, false, true]);
    assert.deepEqual(
      reminded().map(({ id }) => id),
      ['desk/runbook-attestation-due/2026-11-09', 'desk/runbook-attestation-due/2026-11-16'],
    );
    assert.match(String(reminded()[0]?.facts['reason']), /^it was never attested; by 2026-11-16T12:00:00.000Z$/);
    assert.equal(made.store.storyOf('desk').filter((type) => type === 'runbook.attestation-due').length, 2);
  });

  it('tells once even when two look at the same moment', async () => {
    afterDays(7);

    const told = await Promise.all([remindAttestation(made.ports), remindAttestation(made.ports)]);

    assert.deepEqual(told.toSorted(), [false, true]);
    assert.equal(reminded().length, 1);
  });

  it('looks at the first minute of an hour only, and says nothing while it is attested', async () => {
    afterDays(7);
    made.pass(60_000);
    assert.equal(await remindAttestation(made.ports), false);
    await runbookAttested(made);
    made.pass(59 * 60_000);

    assert.equal(await remindAttestation(made.ports), false);
    assert.equal((await runbookStatus(made.ports)).due?.status, 'current');
  });

  it('says nothing where no runbook is deployed', async () => {
    const empty = world();

    assert.equal(await remindAttestation(empty.ports), false);
    assert.deepEqual(await runbookStatus(empty.ports), { edition: null, attested: null, due: null });
  });
});
