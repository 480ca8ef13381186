import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../domain/approval/caller.ts';
import type { Freeze } from '../../../domain/freeze/freeze.ts';
import { liftFreeze } from '../../../domain/freeze/lift-freeze.ts';
import { listFreezes } from '../../../domain/freeze/list-freezes.ts';
import { setFreeze } from '../../../domain/freeze/set-freeze.ts';
import { checkFreezes } from '../../../domain/launch/check-freezes.ts';
import { gateResult, refusalOf } from '../../../domain/launch/finding.ts';
import { freezesGate } from '../../../domain/launch/freezes-gate.ts';
import { desks } from '../../fakes/desks.ts';
import { refusal } from '../../fakes/refusal.ts';
import { signedBy } from '../../fakes/signed-by.ts';
import { person, REGISTRATION, risk, START, STRATEGY, stateOf, trader } from '../../fakes/world.ts';

const sre = person('sre', 'sre');
const LATER = '2026-11-24T18:00:00.000Z';
const AT = START.toISOString();

let made: ReturnType<typeof desks>;
let keys = 0;
beforeEach(() => {
  made = desks();
});
const set = async (scope: string, more: object = {}, caller: Caller = sre) => {
  keys += 1;
  const request = { scope, reason: 'migration of the feature store', ...more };
  return (await setFreeze({ caller, key: `set-${keys}`, request }, made.ports)).reply.freeze;
};
const lift = (id: string, caller: Caller = trader) => {
  keys += 1;
  return liftFreeze({ caller, id, key: `lift-${keys}`, request: { reason: 'migrated' } }, made.ports);
};
const frozen = async (strategyId: string) =>
  (await freezesGate({ strategyId: strategyId as typeof STRATEGY }, made.ports)).verdict === 'no-go';
const killFreeze: Freeze = {
  ...{ id: `kill-${STRATEGY}`, scope: 'all', source: 'kill', reason: 'kill of x: y', by: trader.subject, since: AT },
  runId: 'kill-1' as Freeze['runId'] & string,
};

describe('setFreeze', () => {
  it('holds up exactly what the scope covers, at once and by one person, with an entry in the log desk', async () => {
    const { id, scope, by } = await set('desk:crypto');

    assert.deepEqual([scope, by, id.slice(0, 16)], ['desk:crypto', sre.subject, 'freeze-20261124-']);
    assert.deepEqual(await Promise.all(['btc-momentum', 'eth-momentum', 'eurusd-carry', 'fx-basis'].map(frozen)), [
      true,
      true,
      false,
      false,
    ]);
    assert.deepEqual(made.store.storyOf('desk'), ['freeze.set']);
  });

  for (const [scope, covered] of [
    ['all', 4],
    ['ALL', 4],
    ['venue:XSIM', 3],
    ['strategy:fx-basis', 1],
    ['Strategy:FX-basis', 1],
  ] as const)
    it(`takes the scope ${scope}`, async () => {
      await set(scope);

      const all = await Promise.all(['btc-momentum', 'eth-momentum', 'eurusd-carry', 'fx-basis'].map(frozen));
      assert.equal(all.filter(Boolean).length, covered);
    });

  it('ends by itself where it was given an end', async () => {
    await set('all', { until: LATER });
    assert.equal(await frozen(STRATEGY), true);
    made.clock.now = new Date(LATER);

    assert.equal(await frozen(STRATEGY), false);
  });

  it('refuses a scope that nobody knows, and an end that is not ahead', async () => {
    for (const scope of ['desk:nothing', 'strategy:unknown', 'btc-momentum', ''])
      await assert.rejects(set(scope), refusal('UnknownScope'));
    await assert.rejects(set('all', { until: AT }), refusal('InvalidRequest'));
    assert.deepEqual(await made.store.all('FREEZE'), []);
  });

  it('gives the same reply to a repeated request', async () => {
    const command = { caller: sre, key: 'the-key', request: { scope: 'all', reason: 'x' } };
    const first = await setFreeze(command, made.ports);
    made.pass(1000);

    assert.deepEqual((await setFreeze(command, made.ports)).reply, first.reply);
    assert.equal((await made.store.all('FREEZE')).length, 1);
  });
});

describe('liftFreeze', () => {
  it('asks a risk officer and an SRE first, then lifts with an entry in the log desk', async () => {
    const { id } = await set('desk:crypto');
    const first = await lift(id);
    assert.deepEqual([first.status, (await lift(id)).approval], ['asked', first.approval]);
    await signedBy(made, first.approval, risk, sre);

    const { status, receipt } = await lift(id);

    assert.deepEqual([status, receipt?.log, await frozen(STRATEGY)], ['lifted', 'desk', false]);
    assert.deepEqual(made.store.storyOf('desk'), ['freeze.set', 'freeze.lifted']);
    const asked = await made.store.get('APPROVAL', first.approval);
    assert.deepEqual(
      [asked?.document['strategies'], asked?.document['frozenBecause'], asked?.requiredRoles],
      [['btc-momentum', 'eth-momentum'], 'migration of the feature store', ['risk-officer', 'sre']],
    );
  });

  it('is signed by two different people in these roles', async () => {
    const { id } = await set('all');
    const { approval } = await lift(id);
    await signedBy(made, approval, risk);

    await assert.rejects(signedBy(made, approval, trader), refusal('WrongRole'));
    await assert.rejects(signedBy(made, approval, { ...risk, roles: ['risk-officer', 'sre'] }), refusal('SamePerson'));
    assert.equal((await lift(id)).status, 'asked');
  });

  it('lifts no freeze of a kill: only its recovery does, and that is what people are told', async () => {
    await made.store.put({ kind: 'FREEZE', record: killFreeze });

    await assert.rejects(lift(killFreeze.id), (error: Error & { next?: string }) => {
      assert.match(String(error.next), /recover --strategy btc-momentum/);
      return refusal('StrategyKilled')(error);
    });
  });

  it('is asked anew when the time to sign is over, and after the strategy that it stands with has moved on', async () => {
    const { id } = await set('desk:crypto');
    const { approval } = await lift(id);
    await signedBy(made, approval, risk, sre);
    made.pass(30 * 60_000);
    assert.equal((await lift(id)).status, 'asked');
    await signedBy(made, approval, risk, sre);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 1 });

    assert.equal((await lift(id)).status, 'asked');
    assert.equal(await frozen(STRATEGY), true);
  });

  it('is asked anew after a decline', async () => {
    const { id } = await set('all');
    const { approval } = await lift(id);
    await signedBy(made, approval, risk);
    const asked = await made.store.get('APPROVAL', approval);
    assert.ok(asked);
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, status: 'declined' } });

    assert.equal((await lift(id)).status, 'asked');
    assert.equal((await made.store.get('APPROVAL', approval))?.status, 'open');
  });

  it('carries nothing where a signature was edited, or was given for another freeze', async () => {
    const [one, other] = [await set('all'), await set('all')];
    const { approval } = await lift(one.id);
    await signedBy(made, approval, risk, sre);
    const signed = await made.store.get('APPROVAL', approval);
    assert.ok(signed);
    await made.store.put({ kind: 'APPROVAL', record: { ...signed, id: `${other.id}-unfreeze` as typeof signed.id } });
    await assert.rejects(lift(other.id), refusal('DigestMismatch'));
    const forged = signed.signatures.map((each) => ({ ...each, actor: `${each.actor}-x` as never }));
    await made.store.put({ kind: 'APPROVAL', record: { ...signed, signatures: forged } });

    await assert.rejects(lift(one.id), refusal('SignatureInvalid'));
  });

  it('refuses what nobody knows, what is over, and what covers nothing', async () => {
    const { id } = await set('all', { until: LATER });
    await assert.rejects(lift('freeze-unknown'), refusal('NotFound'));
    made.clock.now = new Date(LATER);
    await assert.rejects(lift(id), refusal('AlreadyDecided'));
    const second = await set('all');
    const { approval } = await lift(second.id);
    await signedBy(made, approval, risk, sre);
    await lift(second.id);
    await assert.rejects(lift(second.id), refusal('AlreadyDecided'));
    const third = await set('all');
    for (const key of [...made.store.records.keys()].filter((each) => each.startsWith('REGISTRATION#')))
      made.store.records.delete(key);

    await assert.rejects(lift(third.id), refusal('UnknownScope'));
  });

  it('lifts once where two ask at the same moment', async () => {
    const { id } = await set('all');
    const { approval } = await lift(id);
    await signedBy(made, approval, risk, sre);

    const both = await Promise.allSettled([lift(id), lift(id)]);

    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal(made.store.storyOf('desk').filter((type) => type === 'freeze.lifted').length, 1);
  });
});

describe('listFreezes', () => {
  it('is one list of every source, each with what to do about it', async () => {
    await made.store.put({ kind: 'FREEZE', record: killFreeze });
    await set('desk:fx');
    const over = await set('all', { until: LATER });
    const releaseWindow = { timeZone: 'UTC', days: ['MON' as const], from: '08:00', to: '09:00' };
    const policy = { ...REGISTRATION.policy, releaseWindow, errorBudget: { failures: 0, days: 7 } };
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, policy } });
    const run = { id: 'kill-2', machine: 'kill', strategyId: STRATEGY, epoch: 1, status: 'SUCCEEDED', request: {} };
    const drill = { ...{ id: 'kill-3', strategyId: STRATEGY, openedBy: 'sub-sre', at: AT, expiresAt: LATER } };
    for (const id of ['kill-2', 'kill-3'])
      await made.store.put({
        kind: 'RUN',
        record: { ...run, id, requestedBy: 'sub-sre', startedAt: AT, summary: '' } as never,
      });
    await made.store.put({ kind: 'DRILL', record: drill as never });
    made.clock.now = new Date(LATER);

    const listed = await listFreezes(made.ports);

    assert.deepEqual(listed.map(({ source, scope, overridable }) => [source, scope, overridable]).toSorted(), [
      ['error-budget', 'strategy:btc-momentum', true],
      ['kill', 'all', false],
      ['manual', 'desk:fx', false],
      ['release-window', 'strategy:btc-momentum', true],
    ]);
    assert.equal(
      listed.some(({ id }) => id === over.id),
      false,
    );
    assert.match(String(listed.find(({ source }) => source === 'manual')?.next), /unfreeze freeze-20261124/);
    assert.match(String(listed.find(({ source }) => source === 'error-budget')?.reason), /^2 kills/); // of live venues nothing is a drill
  });
});

describe('an error budget', () => {
  it('is not spent by drills, which are kills of what trades nowhere', async () => {
    const policy = { ...REGISTRATION.policy, errorBudget: { failures: 0, days: 7 } };
    const venues = REGISTRATION.venues.map((venue) => ({ ...venue, kind: 'simulated' as const }));
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, policy, venues } });
    const kill = { machine: 'kill', strategyId: STRATEGY, epoch: 1, status: 'SUCCEEDED', request: {}, summary: '' };
    const of = { ...kill, requestedBy: 'sub-sre', startedAt: AT };
    const drill = { strategyId: STRATEGY, openedBy: 'sub-sre', at: AT, expiresAt: LATER };
    await made.store.put({ kind: 'RUN', record: { ...of, id: 'kill-1' } as never });
    await made.store.put({ kind: 'DRILL', record: { ...drill, id: 'kill-1' } as never });
    assert.equal(await frozen(STRATEGY), false);
    await made.store.put({ kind: 'RUN', record: { ...of, id: 'kill-2' } as never });

    assert.equal(await frozen(STRATEGY), true);
  });
});

describe('checkFreezes', () => {
  it('says who lifts the freeze and how, as the next step of the refusal', () => {
    const next = (source: Freeze['source'], more: Partial<Freeze> = {}) =>
      refusalOf([gateResult('freezes', checkFreezes([{ ...killFreeze, source, ...more }], START))])?.next;

    assert.match(String(next('kill')), /recover --strategy btc-momentum/);
    assert.match(String(next('manual', { id: 'freeze-1' })), /a risk officer and an SRE lift it: .*unfreeze freeze-1/);
    assert.match(String(next('review')), /review close kill-1 --note/);
    assert.match(String(next('release-window')), /launch within the window, or ask for an override/);
    assert.match(String(next('error-budget', { until: LATER })), /wait until 2026-11-24T18:00:00.000Z, or ask/);
    assert.match(String(next('post-mortem-actions')), /post-mortem action done kill-1/);
  });

  it('tells by whom, since and until when, and lets two people override agreements only', () => {
    const { runId: _none, ...byPerson } = killFreeze;
    const findings = checkFreezes(
      [
        { ...byPerson, source: 'manual', until: LATER },
        { ...killFreeze, source: 'error-budget' },
      ],
      START,
    );

    assert.deepEqual(
      findings.map(({ hard, actual }) => [hard, actual]),
      [
        [true, `all frozen since ${AT} by sub-trader, until ${LATER}: kill of x: y`],
        [false, `all frozen since ${AT} by kill-1: kill of x: y`],
      ],
    );
  });
});
