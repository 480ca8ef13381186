import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatesOfRun } from '../../domain/launch/read-gates.ts';
import { runKey } from '../../domain/run-key.ts';
import { completeEvidence } from '../fakes/go-no-go-evidence.ts';
import { RUN, STRATEGY, trader } from '../fakes/world.ts';
import { apiWorld } from './api-world.ts';

const PATH = `/v1/runs/${RUN}/gates`;
const run = {
  ...{ id: RUN, machine: 'launch' as const, strategyId: STRATEGY, epoch: 0, status: 'RUNNING' as const },
  ...{ requestedBy: trader.subject, startedAt: '2026-11-24T12:00:00.000Z', request: {}, summary: 'launching' },
};

describe('GET /v1/runs/{id}/gates', () => {
  it('answers what every gate of the run found, in order, and the decision with its evidence, to whoever may read', async () => {
    const made = apiWorld();
    await made.store.put({ kind: 'RUN', record: run });
    const evidence = await completeEvidence();
    const gate = { gate: 'go/no-go', summary: 'all passed', verdict: 'go' as const, findings: [] };
    const files = {
      'preconditions.json': { v: 1, gates: [{ ...gate, gate: 'freezes' }] },
      'smoke.json': 'no json',
      'go-no-go.json': { v: 1, run: RUN, verdict: 'go', gate, evidence },
    };
    for (const [file, content] of Object.entries(files))
      made.evidence.files.set(
        runKey(run, file),
        Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
      );

    const response = await made.send('launch', PATH, { as: 'auditor', method: 'GET' });

    const reply = GatesOfRun.parse(await response.json());
    assert.deepEqual(
      reply.files.map(({ file, gates }) => [file, gates.map((each) => each.gate)]),
      [
        ['preconditions.json', ['freezes']],
        ['go-no-go.json', ['go/no-go']],
      ],
    );
    assert.deepEqual(reply.decision?.evidence.instances, ['btc-momentum-1', 'btc-momentum-2']);
  });

  it('answers an empty list while nothing was judged, and refuses a run that there is not, and whoever may not read', async () => {
    const made = apiWorld();
    await made.store.put({ kind: 'RUN', record: run });

    const none = await made.send('launch', PATH, { as: 'reader', method: 'GET' });
    const unknown = await made.send('launch', '/v1/runs/nothing/gates', { as: 'reader', method: 'GET' });
    const nobody = await made.send('launch', PATH, { as: 'forged', method: 'GET' });

    assert.deepEqual(await none.json(), { run: RUN, files: [], decision: null });
    assert.deepEqual([none.status, unknown.status, nobody.status], [200, 404, 401]);
  });
});
