import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { viewDrill } from '../../../domain/drill/view-drill.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import { settleAlone } from '../../../domain/stop/settle-alone.ts';
import { STRATEGY, trader } from '../../fakes/world.ts';
import { payloadsOf } from '../kill/kill-at-its-end.ts';
import { drilled, opened, simulated, wholeDrill } from './drilled.ts';

describe('viewDrill', () => {
  it('waits for the kill for as long as the drill is open; after that it has failed', async () => {
    const made = simulated();
    const { runId } = await opened(made);

    const waiting = await viewDrill(runId, made.ports);
    made.pass(60_001);
    const lost = await viewDrill(runId, made.ports);

    assert.deepEqual([waiting.score.verdict, waiting.record], ['pending', null]);
    assert.deepEqual([lost.score.verdict, lost.score.phases[0]?.says], ['failed', 'the kill has not come yet']);
  });

  it('tells while the kill is under way what is known already', async () => {
    const made = simulated();
    const step = await drilled(made, await opened(made));
    await haltEngines(step, made.ports);
    await announceKill(step, made.ports);

    const { score } = await viewDrill(step.runId, made.ports);

    assert.deepEqual(
      score.phases.map(({ phase, verdict }) => [phase, verdict]),
      [
        ['latched', 'passed'],
        ['halted', 'passed'],
        ['venue zero', 'pending'],
        ['notified', 'passed'],
        ['confirmed', 'pending'],
      ],
    );
  });

  it('gives the score as it was recorded, once it is', async () => {
    const { made, step } = await wholeDrill();
    made.pass(86_400_000);

    const { score, record, drill } = await viewDrill(step.runId, made.ports);

    const [scored] = payloadsOf(made, 'drill.scored');
    assert.deepEqual([score, record], [Object(scored)['score'], Object(scored)['record']]);
    assert.equal(drill.verdict, 'passed');
  });

  it('reads the log back to where the drill was opened, and no further', async () => {
    const made = simulated();
    for (let number = 0; number < 450; number += 1)
      await settleAlone({ strategyId: STRATEGY, actor: trader.subject, key: `settle/${number}` }, made.ports);
    const { runId } = await opened(made);
    const { page } = made.store;
    let pages = 0;
    made.store.page = (...asked) => {
      pages += 1;
      return page.apply(made.store, asked);
    };

    await viewDrill(runId, made.ports);

    assert.equal(pages, 1);
  });

  it('refuses to score one of a strategy that is registered no more', async () => {
    const made = simulated();
    const { runId } = await opened(made);
    made.store.records.delete(`REGISTRATION#${STRATEGY}`);

    await assert.rejects(viewDrill(runId, made.ports), { name: 'UnknownStrategy' });
  });

  it('refuses a run that is no drill, and what is no run', async () => {
    const made = simulated();

    for (const id of ['kill-btc-momentum-20261124-0123456789ab', '../x'])
      await assert.rejects(viewDrill(id, made.ports), { name: 'UnknownRun' });
  });
});
