import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DrillScore } from '../../../domain/drill/score-drill.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { escalateUnconfirmedKill } from '../../../domain/kill/escalate-unconfirmed-kill.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { readKillEvents } from '../../../domain/kill/read-kill-events.ts';
import { updateIncident } from '../../../domain/kill/update-incident.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { toldIn } from '../../fakes/told.ts';
import { STRATEGY, stateOf, trader, type World, world } from '../../fakes/world.ts';
import { certified, fileOf, killed, payloadsOf } from '../kill/kill-at-its-end.ts';
import { drilled, opened, simulated, wholeDrill } from './drilled.ts';

const sent = (made: World, run: string) => toldIn(made).filter(({ runId }) => runId === run);

/** What the entry of a kill says, but for the members of the state that were there already. */
const requestIn = (made: World) =>
  payloadsOf(made, 'kill.requested').map(({ changes, ...payload }) => ({ ...payload, latch: Object(changes).latch }));

describe('a kill that is a drill', () => {
  it('is the very same kill: same reply, same pushes, same state as a real one', async () => {
    const [real, drill] = [world(), simulated()];
    const { killKey, reason } = await opened(drill);
    drill.engines.calls.length = 0;
    const asked = { caller: trader, strategyId: STRATEGY, reason, commandId: killKey };

    const [ofReal, ofDrill] = [await executeKill(asked, killPorts(real)), await executeKill(asked, killPorts(drill))];

    const { receipt: _ofReal, ...same } = ofReal;
    const { receipt: _ofDrill, ...told } = ofDrill;
    assert.deepEqual(told, same);
    assert.deepEqual(drill.engines.calls, real.engines.calls);
    assert.deepEqual(stateOf(drill).latch, stateOf(real).latch);
    assert.deepEqual(requestIn(drill), requestIn(real));
  });

  it('says DRILL first in every message, and pages nobody', async () => {
    const { made, step } = await wholeDrill();
    await escalateUnconfirmedKill(step, made.ports);
    const eta = '2026-11-25T12:00:00Z';
    await updateIncident({ strategyId: STRATEGY, actor: trader.subject, key: 'u', request: { eta } }, made.ports);

    const messages = sent(made, step.runId);

    assert.deepEqual([...new Set(messages.map(({ trigger }) => trigger))].toSorted(), [
      'incident-updated',
      'kill-certificate',
      'kill-confirmed',
      'kill-switch',
      'kill-unconfirmed',
    ]);
    for (const { text, drill, severity } of messages)
      assert.deepEqual([text.startsWith('DRILL: '), drill, severity], [true, true, 'info']);
    assert.ok(messages.every(({ via }) => via !== 'pagerduty'));
  });

  it('bears the word in its certificate and in both kill events', async () => {
    const { made } = await wholeDrill();

    assert.equal(JSON.parse(fileOf(made, 'kill-certificate.json')).drill, true);
    assert.match(fileOf(made, 'kill-certificate.md'), /This was a DRILL/);
    assert.deepEqual(
      (await readKillEvents(made.ports)).map((event) => event['drill']),
      [true, true],
    );
  });

  it('keeps only its own strategy from being launched; a real kill after it keeps everything', async () => {
    const { made, step } = await wholeDrill();
    const frozen = await made.store.all('FREEZE');
    const again = await killed(made, 'a real one');

    await freezeLaunches(again, made.ports);
    await announceKill(again, made.ports);

    assert.deepEqual(frozen, []);
    assert.equal(stateOf(made).latch?.runId, step.runId);
    assert.deepEqual(Object(payloadsOf(made, 'freeze.set', step.runId)[0])['scope'], STRATEGY);
    assert.deepEqual(
      (await made.store.all('FREEZE')).map(({ scope, runId }) => [scope, runId]),
      [['all', again.runId]],
    );
    assert.ok(sent(made, again.runId).every(({ text }) => text.startsWith('Kill-switch triggered')));
  });

  it('freezes nothing once it has been recovered', async () => {
    const made = simulated();
    const step = await drilled(made, await opened(made));
    const { latch: _latch, ...recovered } = stateOf(made);
    made.store.strategies.set(STRATEGY, recovered);

    assert.equal((await freezeLaunches(step, made.ports)).verdict, 'nothing-to-do');
  });

  it('ends with its score in the ledger, as evidence, and in the list', async () => {
    const { made, step } = await wholeDrill();

    const [scored] = payloadsOf(made, 'drill.scored', step.runId);
    const score = DrillScore.parse(Object(scored)['score']);

    assert.equal(score.verdict, 'passed');
    assert.deepEqual(
      score.phases.map(({ phase, ms }) => [phase, ms]),
      [
        ['latched', 0],
        ['halted', 0],
        ['venue zero', 1_000],
        ['notified', 0],
        ['confirmed', 1_000],
      ],
    );
    assert.equal(Object(scored)['record'].hash, digestOfBytes(fileOf(made, 'drill.json')));
    assert.deepEqual(DrillScore.parse(JSON.parse(fileOf(made, 'drill.json'))), score);
    assert.match(fileOf(made, 'drill.md'), /^# Drill of btc-momentum: passed/);
    assert.equal((await made.store.get('DRILL', step.runId))?.verdict, 'passed');
  });

  it('fails, and says of what, where a venue lists orders for too long', async () => {
    const made = simulated();
    Object.assign(made.venues, { resting: 3, stubborn: 11 });

    const { step } = await wholeDrill(made);

    const score = DrillScore.parse(Object(payloadsOf(made, 'drill.scored', step.runId)[0])['score']);
    assert.deepEqual(
      [score.verdict, score.phases.filter(({ verdict }) => verdict === 'failed').map(({ phase }) => phase)],
      ['failed', ['venue zero']],
    );
    assert.equal((await made.store.get('DRILL', step.runId))?.verdict, 'failed');
  });

  it('is scored once: a certificate that is made again writes nothing more', async () => {
    const { made, step } = await wholeDrill();
    const files = [...made.evidence.files.keys()];

    await certifyKill(step, made.ports);

    assert.equal(payloadsOf(made, 'drill.scored').length, 1);
    assert.deepEqual([...made.evidence.files.keys()], files);
  });
});

describe('a kill that is none', () => {
  it('bears the word nowhere, freezes every launch, and gets no score', async () => {
    const { made, step } = await certified();

    const everything = JSON.stringify([
      sent(made, step.runId),
      [...made.evidence.files].map(([key, bytes]) => [key, Buffer.from(bytes).toString()]),
      made.store.logs.get(STRATEGY),
    ]);

    assert.doesNotMatch(everything, /drill/i);
    assert.equal((await made.store.all('FREEZE')).length, 1);
  });

  it('reads no record of a drill, or of anything else, before it has latched and halted', async () => {
    const made = world();
    made.store.get = async () => {
      throw new Error('the control table hangs');
    };

    const { latched, status } = await executeKill(
      { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'key-1' },
      killPorts(made),
    );

    assert.deepEqual([latched, status], [true, 'halted']);
  });
});
