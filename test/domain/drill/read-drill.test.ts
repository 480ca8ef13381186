import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDrill } from '../../../domain/drill/read-drill.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { risk, STRATEGY } from '../../fakes/world.ts';
import { killed } from '../kill/kill-at-its-end.ts';
import { drilled, opened, registeredAs, simulated } from './drilled.ts';

describe('readDrill', () => {
  it('finds the drill that a kill is, and none before that kill has come', async () => {
    const made = simulated();
    const drill = await opened(made);

    const before = await readDrill(drill.runId, made.ports);
    const step = await drilled(made, drill);

    assert.equal(before, undefined);
    assert.equal((await readDrill(step.runId, made.ports))?.id, drill.runId);
  });

  it('takes a kill under another key, or by another person, for a real one', async () => {
    const made = simulated();
    const { killKey } = await opened(made);

    const ofTrader = await killed(made, 'another-key');
    const ofRisk = await executeKill(
      { caller: risk, strategyId: STRATEGY, reason: 'loss', commandId: killKey },
      killPorts(made),
    );

    assert.equal(await readDrill(ofTrader.runId, made.ports), undefined);
    assert.equal(await readDrill(ofRisk.runId, made.ports), undefined);
  });

  it('takes one that comes late for a real one: what was proved is old', async () => {
    const made = simulated();
    const drill = await opened(made);
    made.pass(60_001);

    const { runId } = await drilled(made, drill);

    assert.equal(runId, drill.runId);
    assert.equal(await readDrill(runId, made.ports), undefined);
  });

  it('takes one for real that finds the strategy killed meanwhile: the latch is that of a real kill', async () => {
    const made = simulated();
    const drill = await opened(made);
    await killed(made);

    const { runId } = await drilled(made, drill);

    assert.equal(await readDrill(runId, made.ports), undefined);
  });

  it('takes one for real whose venue has been registered as live, or as nothing, meanwhile', async () => {
    const made = simulated();
    const { runId } = await drilled(made, await opened(made));

    registeredAs(made, 'live');
    assert.equal(await readDrill(runId, made.ports), undefined);
    registeredAs(made);
    assert.equal(await readDrill(runId, made.ports), undefined);
  });
});
