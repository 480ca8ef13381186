import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { recordRefusal } from '../../../domain/access/record-refusal.ts';
import { sealRefusals } from '../../../domain/access/seal-refusals.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import { COUNTERS_AT_ONCE } from '../../../domain/ports/refusals.ts';
import { Refusal, type RefusalCode } from '../../../domain/refusal.ts';
import { toldIn } from '../../fakes/told.ts';
import { person, risk, START, STRATEGY, trader, type World, world } from '../../fakes/world.ts';

const LATER = new Date(START.getTime() + 3_600_000);
const refused = (made: World, caller: Caller = trader, code: RefusalCode = 'WrongRole', path = '/v1/x') =>
  recordRefusal(caller, { method: 'POST', path }, new Refusal(code, 'no', 'ask'), made.ports);
const sealed = async (made: World) => (await sealRefusals(LATER, made.ports)).sealed;
type Entry = { actor: string; payload: { code: string; count: number; minute: string } };
const entriesOf = ({ store }: World) => (store.logs.get('access') ?? []).map(({ text }) => JSON.parse(text) as Entry);
const total = (made: World) => entriesOf(made).reduce((sum, { payload }) => sum + payload.count, 0);

describe('refused attempts', () => {
  it('are counted per person, code and minute, and sealed as one entry each, by subject id', async () => {
    const made = world();
    await refused(made);
    made.pass(59_999);
    await refused(made, trader, 'WrongRole', `/${'y'.repeat(300)}`);
    await refused(made, risk);
    await refused(made, trader, 'LaunchesFrozen');
    made.pass(1);
    await refused(made);

    assert.equal(await sealed(made), 4);

    assert.deepEqual(
      entriesOf(made).map(({ actor, payload: { minute, code, count } }) => [minute.slice(11, 16), actor, code, count]),
      [
        ['12:00', 'sub-risk', 'WrongRole', 1],
        ['12:00', 'sub-trader', 'LaunchesFrozen', 1],
        ['12:00', 'sub-trader', 'WrongRole', 2],
        ['12:01', 'sub-trader', 'WrongRole', 1],
      ],
    );
    assert.deepEqual(entriesOf(made)[2]?.payload, {
      code: 'WrongRole',
      count: 2,
      minute: '2026-11-24T12:00:00.000Z',
      firstAt: '2026-11-24T12:00:00.000Z',
      lastAt: '2026-11-24T12:00:59.999Z',
      method: 'POST',
      path: '/v1/x',
      roles: ['execution-trader'],
    });
    assert.deepEqual(made.store.storyOf(STRATEGY), []);
  });

  it('to kill are told to risk and on-call once for each person, code and minute, however often they were tried', async () => {
    const made = world();
    for (let times = 0; times < 50; times += 1) await refused(made, trader, 'WrongRole', '/v1/kills');
    await refused(made, risk, 'NotPermitted', `/v1/strategies/${STRATEGY}/kills`);
    await refused(made, trader, 'UnknownScope', '/v1/device-kills');
    await refused(made, trader, 'LaunchesFrozen', `/v1/strategies/${STRATEGY}/launches`);

    await sealed(made);

    const told = toldIn(made);
    assert.deepEqual(told.map(({ channel }) => channel).toSorted(), ['#risk', '#risk', 'on-call page', 'on-call page']);
    assert.deepEqual([...new Set(told.map(({ text }) => text))].toSorted(), [
      'Unauthorised kill attempt: sub-risk (risk-officer) was refused once: NotPermitted\nFrom 2026-11-24T12:00:00.000Z on, at /v1/strategies/btc-momentum/kills. Nothing was killed.',
      'Unauthorised kill attempt: sub-trader (execution-trader) was refused 50 times: WrongRole\nFrom 2026-11-24T12:00:00.000Z on, at /v1/kills. Nothing was killed.',
    ]);
  });

  it('of somebody without any role are told too, and say so', async () => {
    const made = world();
    await refused(made, { ...trader, roles: [] }, 'DeviceRevoked', '/v1/device-kills');

    await sealed(made);

    assert.match(toldIn(made)[0]?.text ?? '', /sub-trader \(no role\) was refused once/);
  });

  it('are told as of when they happened, and as known when they were sealed', async () => {
    const made = world();
    await refused(made, { ...trader, roles: [] }, 'WrongRole', '/v1/kills');
    made.pass(70_000);

    await sealed(made);

    const [message] = await made.store.all('MESSAGE');
    assert.deepEqual(
      [message?.at, message?.detectedAt],
      [START.toISOString(), new Date(START.getTime() + 70_000).toISOString()],
    );
  });

  it('of a minute that is not over wait for their end', async () => {
    const made = world();
    await refused(made);

    assert.deepEqual(await sealRefusals(START, made.ports), { sealed: 0 });
    assert.deepEqual(entriesOf(made), []);
  });

  it('are sealed in batches that fit one write, however many there are', async () => {
    const made = world();
    const people = Array.from({ length: 2 * COUNTERS_AT_ONCE + 1 }, (_, index) => person(`p${index}`, 'auditor'));
    for (const each of people) await refused(made, each);
    const sizes: number[] = [];
    const seal = made.store.seal.bind(made.store);
    made.store.seal = (counters, entries, at) => {
      sizes.push(counters.length);
      return seal(counters, entries, at);
    };

    assert.equal(await sealed(made), people.length);

    assert.deepEqual(sizes, [COUNTERS_AT_ONCE, COUNTERS_AT_ONCE, 1]);
    assert.equal(new Set(entriesOf(made).map(({ actor }) => actor)).size, people.length);
  });

  it('that come while their counter is being sealed are read again, and never lost', async () => {
    const made = world();
    await refused(made);
    const due = made.store.due.bind(made.store);
    made.store.due = async (before) => {
      const found = await due(before);
      made.store.due = due;
      await refused(made);
      return found;
    };

    assert.equal(await sealed(made), 1);

    assert.equal(total(made), 2);
  });

  it('that come after the sealing make a new entry of the same minute: the sum is right', async () => {
    const made = world();
    await refused(made);
    await sealed(made);
    await refused(made);
    await sealed(made);

    assert.deepEqual([entriesOf(made).map(({ payload }) => payload.count), total(made)], [[1, 1], 2]);
  });

  it('wait for the next time when others write all the time', async () => {
    const made = world();
    await refused(made);
    let tries = 0;
    const seal = made.store.seal.bind(made.store);
    made.store.seal = async () => {
      tries += 1;
      return undefined;
    };
    assert.deepEqual([await sealed(made), tries], [0, 5]);
    made.store.seal = seal;

    assert.equal(await sealed(made), 1);
  });

  it('are all in the log, once, whatever comes in between and however many seal at once', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('trader', 'risk') }, fc.constant('seal')), {
          maxLength: 60,
        }),
        async (acts) => {
          const made = world();
          await Promise.all(
            acts.map(async (act) => {
              if (act === 'seal') await sealed(made);
              else await refused(made, act === 'risk' ? risk : trader);
            }),
          );
          await sealed(made);

          assert.equal(total(made), acts.filter((act) => act !== 'seal').length);
        },
      ),
      { seed: 3, numRuns: 200 },
    ));
});
