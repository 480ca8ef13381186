import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import type { Checklist } from '../../../domain/checklist/checklist.ts';
import type { ChecklistFacts } from '../../../domain/checklist/checklist-facts.ts';
import { computeChecklist } from '../../../domain/checklist/compute-checklist.ts';
import { readChecklist } from '../../../domain/checklist/read-checklist.ts';
import { RunId } from '../../../domain/ids.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { releaseDeployment } from '../../../domain/launch/release-deployment.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { launching, RUN, risk, type World, world } from '../../fakes/world.ts';
import { confirmed, killed } from '../kill/kill-at-its-end.ts';
import { everybodyTold, factsOf, idsOf, itemOf, liveRun, rewritten, written } from './a-trading-run.ts';

const KILL_ITEMS = ['5.1.1', '5.1.2', '5.1.3', '5.1.4'] as const;
const statuses = (checklist: Checklist, ...ids: readonly (typeof KILL_ITEMS)[number][]) =>
  ids.map((id) => itemOf(checklist, id).status);

/** A run that was live and was killed: announced, frozen, confirmed by a second person. */
async function killedRun() {
  const made = await liveRun();
  const step = await killed(made);
  await haltEngines(step, made.ports);
  await freezeLaunches(step, made.ports);
  await announceKill(step, made.ports);
  return { made, step };
}

describe('the checklist of a run that was killed', () => {
  let made: World;
  let step: RunStep;
  let facts: ChecklistFacts;
  before(async () => {
    ({ made, step } = await killedRun());
    await confirmed(made, step);
    await everybodyTold(made);
    facts = await factsOf(made);
  });

  it('ticks what the kill calls for, and has no occasion for a planned stop', () => {
    const checklist = computeChecklist(facts);

    assert.deepEqual(
      [checklist.course, ...statuses(checklist, ...KILL_ITEMS)],
      ['killed', ...KILL_ITEMS.map(() => 'ticked')],
    );
    assert.deepEqual(
      ['4.1', '4.2', '4.3', '4.4', '4.6', '6.3'].filter((id) => !idsOf(checklist, 'not-applicable').includes(id)),
      [],
    );
    assert.equal(itemOf(checklist, '6.2').status, 'ticked');
    assert.equal(itemOf(checklist, '4.5').status, 'open');
  });

  it('opens the dual signature when a kill event is gone, or says something else than the ledger', () => {
    for (const event of ['requested', 'confirmed']) {
      const [key] = Object.keys(facts.files).filter((each) => each.endsWith(`${event}.json`));
      assert.ok(key);
      const file = facts.files[key] ?? assert.fail();
      const { [key]: _gone, ...without } = facts.files;
      const edited = (json: object | null) => ({ ...facts.files, [key]: { ...file, json } });
      const other = [{ initiator: 'sub-mallory' }, { run: 'kill-of-another' }, { event: 'kill.reaffirmed' }];

      for (const files of [without, edited(null), ...other.map((each) => edited({ ...Object(file.json), ...each }))])
        assert.deepEqual(statuses(computeChecklist({ ...facts, files }), '5.1.2', '5.1.3'), ['open', 'ticked']);
    }
  });

  it('takes no confirmation by whoever killed, though each signature verifies', () => {
    const alone = rewritten(facts, 'kill.confirmed', ({ payload, ...entry }) => ({
      ...entry,
      payload: { ...payload, confirmer: payload['initiator'] },
    }));

    assert.match(itemOf(computeChecklist(alone), '5.1.2').missing.join(), /one person alone has signed/);
  });

  it('opens the notification when one channel was not heard of, and only that', () => {
    const deliveries = facts.deliveries.filter(
      ({ channel, trigger }) => trigger !== 'kill-switch' || channel !== '#risk',
    );

    const checklist = computeChecklist({ ...facts, deliveries });

    assert.deepEqual(statuses(checklist, ...KILL_ITEMS), ['ticked', 'ticked', 'open', 'ticked']);
    assert.match(itemOf(checklist, '5.1.3').missing.join(), /no delivery over #risk/);
    assert.equal(itemOf(checklist, '8.4').status, 'open');
  });
});

describe('the checklist of a kill that goes on', () => {
  let made: World;
  let step: RunStep;
  beforeEach(async () => {
    ({ made, step } = await killedRun());
  });

  it('is open until a second person has confirmed it', async () => {
    await askForConfirmer({ ...step, taskToken: 'a-token' }, made.ports);

    const checklist = await readChecklist(step.runId, made.ports);

    assert.equal(checklist.run, RUN);
    assert.deepEqual(statuses(checklist, '5.1.1', '5.1.2'), ['ticked', 'open']);
  });

  it('takes no confirmation that holds no signature', async () => {
    const entry = { type: 'kill.confirmed', actor: risk.subject, run: step.runId };
    await written(made, 'unsigned', { ...entry, payload: { initiator: 'a', confirmer: 'b' } });

    const { missing } = itemOf(await readChecklist(RUN, made.ports), '5.1.2');

    assert.match(missing.join(), /holds a signature that does not verify, or none/);
  });

  it('has launches frozen until the post-mortem is signed off: lifted without one, the item opens', async () => {
    const lifted = { actor: risk.subject, run: RunId.parse('recover-1'), payload: { recovers: step.runId } };
    assert.equal(itemOf(await readChecklist(RUN, made.ports), '5.1.4').status, 'ticked');

    await written(made, 'lifted', { type: 'recovery.lifted', ...lifted });
    assert.match(itemOf(await readChecklist(RUN, made.ports), '5.1.4').missing.join(), /without a post-mortem/);

    const late = { ...lifted, payload: { ...lifted.payload, run: RUN } };
    await written(made, 'signed late', { type: 'recovery.post-mortem-signed', ...late });
    assert.match(itemOf(await readChecklist(RUN, made.ports), '5.1.4').missing.join(), /without a post-mortem/);
  });

  it('and ticks it where the post-mortem of that kill was signed off before', async () => {
    const recovery = { actor: risk.subject, run: RunId.parse('recover-1'), payload: { recovers: step.runId } };
    await written(made, 'signed', { type: 'recovery.post-mortem-signed', ...recovery });
    await written(made, 'lifted', { type: 'recovery.lifted', ...recovery });

    const { status, evidence } = itemOf(await readChecklist(RUN, made.ports), '5.1.4');

    assert.deepEqual([status, evidence.length], ['ticked', 2]);
  });

  it('says so where the announcement names no expected recovery', async () => {
    const announced = { type: 'kill.announced', actor: risk.subject, run: step.runId, payload: {} };
    await written(made, 'announced', announced);

    assert.match(itemOf(await readChecklist(RUN, made.ports), '5.1.3').missing.join(), /names no expected recovery/);
  });
});

describe('the checklist of other runs', () => {
  it('of a launch that was withdrawn says what it came to, and asks for no archive', async () => {
    const made = await launching();
    await releaseDeployment({ ...made.step, failure: { Error: 'NoGo', Cause: null } }, made.ports);

    const checklist = await readChecklist(RUN, made.ports);

    assert.deepEqual([checklist.course, itemOf(checklist, '1.1').status], ['withdrawn', 'open']);
    for (const id of ['4.5', '8.5', '8.6', '3.1'] as const)
      assert.equal(itemOf(checklist, id).status, 'not-applicable');
    assert.match(itemOf(checklist, '6.1').missing.join(), /has called for launch-start/);
    assert.match(itemOf(checklist, '8.upkeep').missing.join(), /nobody has attested/);
  });

  it('of a launch that trades has its stop before it', async () => {
    const checklist = await readChecklist(RUN, (await liveRun()).ports);

    assert.equal(checklist.course, 'live');
    assert.match(itemOf(checklist, '4.1').missing.join(), /has not been stopped/);
  });

  it('is that of the launch they belong to, and of nothing else', async () => {
    const off = world();
    const kill = await killed(off);

    await assert.rejects(readChecklist('run-of-nobody', off.ports), { name: 'UnknownRun' });
    await assert.rejects(readChecklist(kill.runId, off.ports), {
      name: 'InvalidRequest',
      message: /belongs to no launch/,
    });
  });
});
