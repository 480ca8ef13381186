import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { manifestKey } from '../../../domain/launch/change-manifest.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { answered } from '../../../domain/resume/answered.ts';
import { armAgain } from '../../../domain/resume/arm-again.ts';
import { changeStandsGate } from '../../../domain/resume/change-stands-gate.ts';
import { decideResumption } from '../../../domain/resume/decide-resumption.ts';
import { reconcile } from '../../../domain/resume/reconcile.ts';
import { requireStanding } from '../../../domain/resume/require-standing.ts';
import { whatHappened } from '../../../domain/resume/what-happened.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { heard } from '../../fakes/launch-steps.ts';
import { risk, STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { requested, safeWorld, sign, untilArmed, untilAsked } from './a-safe-strategy.ts';

const OTHER = digestOf('something else');

describe('a resumption that the world has overtaken', () => {
  let made: World;
  let step: RunStep;
  beforeEach(async () => {
    made = await safeWorld();
    step = await requested(made);
  });
  const loads = (digest: typeof OTHER) =>
    made.store.strategies.set(STRATEGY, { ...stateOf(made), parametersDigest: digest });

  it('is not armed when what is loaded is not what was signed any more', async () => {
    const held = await untilArmed(made, step);
    loads(OTHER);

    await assert.rejects(armAgain(held, made.ports), { name: 'ManifestForeign' });
    assert.deepEqual([stateOf(made).mode, made.engines.calls.some((call) => call.startsWith('arm'))], ['SAFE', false]);
  });

  it('is not armed upon a document that says something else than what is loaded, whoever signed it', async () => {
    const held = await untilArmed(made, step);
    const asked = await made.store.get('APPROVAL', approvalId(step, 'resume'));
    assert.ok(asked);
    const document = { ...asked.document, artifactDigest: OTHER };
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, document } });

    await assert.rejects(armAgain(held, made.ports), { name: 'PlanChanged' });
  });

  it('stands on nothing where nobody was asked, or nothing is loaded', async () => {
    await assert.rejects(requireStanding(step, made.ports), { name: 'PlanChanged' });

    const { artifactDigest: _gone, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, state);
    const { findings } = await changeStandsGate(step, made.ports);
    assert.deepEqual(findings.find(({ check }) => check === 'change.artifactDigest')?.expected, 'nothing was deployed');
    await assert.rejects(requireStanding(step, made.ports), { name: 'ManifestForeign' });
    made.store.read = async () => undefined;
    await assert.rejects(requireStanding(step, made.ports), { name: 'UnknownStrategy' });
  });

  it('is a no-go when the change it stands on has been withdrawn since people signed, and says so in its evidence', async () => {
    const held = await untilAsked(made, step);
    for (const caller of [trader, risk]) await sign(made, step.runId, caller);
    await heard(made);
    made.evidence.files.delete(manifestKey(STRATEGY));

    await assert.rejects(decideResumption(held, made.ports), Refusal);

    const [, file] = [...made.evidence.files].find(([key]) => key.endsWith('go-no-go.json')) ?? [];
    const { verdict, evidence } = JSON.parse(Buffer.from(file ?? '').toString());
    assert.deepEqual([verdict, evidence.plan.unchanged, stateOf(made).mode], ['no-go', false, 'SAFE']);
  });

  it('is a no-go when a position has moved while people signed', async () => {
    const held = await untilAsked(made, step);
    for (const caller of [trader, risk]) await sign(made, step.runId, caller);
    await heard(made);
    made.venues.positions = async () => [{ instrument: 'BTC-PERP', quantity: 1, averagePrice: 1, markPrice: 1 }];

    await assert.rejects(decideResumption(held, made.ports), { name: 'PositionsDiffer' });
    assert.equal(made.store.storyOf(STRATEGY).at(-1), 'go-no-go.decided');
  });

  it('stands by its first decision and its first look at the books when a step is tried again', async () => {
    const held = await untilArmed(made, step);
    const { length } = made.store.storyOf(STRATEGY);
    const before = [...made.evidence.files.keys()];

    const [decided, looked] = [await decideResumption(held, made.ports), await reconcile(held, made.ports)];

    assert.deepEqual([made.store.storyOf(STRATEGY).length, [...made.evidence.files.keys()]], [length, before]);
    assert.deepEqual([decided.verdict, looked.verdict], ['go', 'go']);
  });

  it('goes no further than the books where they differ, with every difference archived', async () => {
    made.venues.positions = async () => [{ instrument: 'BTC-PERP', quantity: 1, averagePrice: 1, markPrice: 1 }];

    await assert.rejects(untilAsked(made, step), { name: 'PositionsDiffer' });

    const [, file] = [...made.evidence.files].find(([key]) => key.endsWith('reconciliation.json')) ?? [];
    const { gate } = JSON.parse(Buffer.from(file ?? '').toString());
    assert.match(gate.summary, /position.BTC-PERP is 0, as the engines say, expected 1, as the venues say/);
    assert.equal(await made.store.get('APPROVAL', approvalId(step, 'resume')), undefined);
  });

  it('is asked with the ticket of its approval where it has none, and says so where nothing tells what happened', async () => {
    made = await safeWorld();
    const { run: _none, ...state } = stateOf(made);
    made.store.strategies.set(STRATEGY, state);
    step = await requested(made);
    made.ports.ledger.page = async () => undefined;

    await untilAsked(made, step);

    const { document } = (await made.store.get('APPROVAL', approvalId(step, 'resume'))) ?? {};
    assert.deepEqual([document?.['ticket'], document?.['whatHappened'], document?.['resumes']], ['TP-1', null, null]);
  });
});

describe('whatHappened', () => {
  it('finds nothing in a log without a cause', async () => {
    const made = world();
    await made.store.commit(
      stateOf(made),
      { state: stateOf(made), entries: [{ type: 'test.noted', actor: trader.subject, payload: {} }], reply: 0 },
      made.clock.now,
    );

    assert.equal(await whatHappened(STRATEGY, made.ports), undefined);
  });
});

describe('answered', () => {
  it('takes a refusal for an answer, and a fault for what it is', async () => {
    const refusal = new Refusal('VenueUnreachable', 'no answer', 'call it');

    assert.equal(await answered(Promise.reject(refusal)), refusal);
    await assert.rejects(answered(Promise.reject(new TypeError('broken'))), TypeError);
  });
});
