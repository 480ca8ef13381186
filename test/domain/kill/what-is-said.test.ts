import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { askForConfirmer } from '../../../domain/kill/ask-for-confirmer.ts';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { escalateUnconfirmedKill } from '../../../domain/kill/escalate-unconfirmed-kill.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { recordExposure } from '../../../domain/kill/record-exposure.ts';
import { updateIncident } from '../../../domain/kill/update-incident.ts';
import { verifyVenues } from '../../../domain/kill/verify-venues.ts';
import { disableLive } from '../../../domain/stop/disable-live.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { toldIn } from '../../fakes/told.ts';
import { START, STRATEGY, trader, type World, world } from '../../fakes/world.ts';
import { confirmed, upToTheCertificate } from './kill-at-its-end.ts';

/** What nobody may say before the venues have. "Kill of", "kill-switch triggered" and the mode KILLED are no claims. */
const CLAIM =
  /\b(is|was|are|been|now|successfully) killed\b|\bkill (is )?(complete|completed|done|finished)\b|nothing rests/i;

/** Everything that was sent to people. */
const sent = (made: World) => toldIn(made).map(({ text }) => text);

describe('what is said of a kill', () => {
  it('claims nothing before the venues say that nothing rests: not in the reply, in no summary, in no message', async () => {
    const made = world();
    Object.assign(made.venues, { resting: 3, stubborn: 99 });
    const reply = await executeKill(
      { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'key-1' },
      killPorts(made),
    );
    const step = { strategyId: STRATEGY, runId: reply.runId, epoch: 1 };
    const update = {
      strategyId: STRATEGY,
      actor: trader.subject,
      key: 'update',
      request: { eta: '2026-11-25T12:00:00Z' },
    };

    const said = [
      reply.summary,
      (await haltEngines(step, made.ports)).summary,
      (await disableLive(step, made.ports)).summary,
      (await freezeLaunches(step, made.ports)).summary,
      (await recordExposure(step, made.ports)).summary,
      (await announceKill(step, made.ports)).summary,
      (await askForConfirmer({ ...step, taskToken: 't' }, made.ports)).summary,
      (await escalateUnconfirmedKill(step, made.ports)).summary,
      (await updateIncident(update, made.ports)).reply.summary,
      await verifyVenues(step, made.ports).catch((error: unknown) => String(error)),
    ];
    await confirmed(made, step);
    const run = await made.store.get('RUN', step.runId);
    const [freeze] = await made.store.all('FREEZE');

    const texts = [...said, ...sent(made), run?.summary, freeze?.reason].map(String);
    assert.ok(texts.length > 25);
    for (const text of texts) assert.doesNotMatch(text, CLAIM);
  });

  it('says so with the certificate, which is made only after that', async () => {
    const made = world();
    const step = await upToTheCertificate(made);
    assert.ok(sent(made).every((text) => !CLAIM.test(text)));

    await certifyKill(step, made.ports);

    assert.ok(sent(made).some((text) => CLAIM.test(text)));
    assert.deepEqual(made.clock.now, START);
  });

  it('is said by the machine in its last state only, behind the venues and the certificate', () => {
    const machine: { States: Record<string, { Next?: string }> } = JSON.parse(
      readFileSync(new URL('../../../statemachines/kill.asl.json', import.meta.url), 'utf8'),
    );

    const claiming = Object.entries(machine.States).filter(([, state]) =>
      CLAIM.test(JSON.stringify({ ...state, Comment: '', Branches: [] })),
    );

    assert.deepEqual(
      claiming.map(([name]) => name),
      ['Killed'],
    );
    assert.deepEqual(
      [machine.States['Secure everything']?.Next, machine.States['Certify kill']?.Next],
      ['Certify kill', 'Killed'],
    );
  });
});
