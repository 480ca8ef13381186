import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manifestFile, manifestText } from '../../domain/archive/manifest.ts';
import { runKey } from '../../domain/run-key.ts';
import { RUN, STRATEGY, trader } from '../fakes/world.ts';
import { apiWorld } from './api-world.ts';

const AT = '2026-11-24T12:00:00.000Z';
const run = {
  ...{ id: RUN, machine: 'launch' as const, strategyId: STRATEGY, epoch: 0, status: 'SUCCEEDED' as const },
  ...{ requestedBy: trader.subject, startedAt: AT, request: {}, summary: 'launched' },
};

describe('the routes of archives', () => {
  async function archived() {
    const made = apiWorld();
    const text = manifestText({ v: 1, part: 1, run: RUN, strategy: STRATEGY, at: AT, files: [], missing: [] });
    const digest = await made.evidence.createOnce(runKey(run, manifestFile(1)), text);
    const archive = { at: AT, parts: 1, first: digest, last: digest, files: 0, missing: 0 };
    await made.store.put({ kind: 'RUN', record: { ...run, archive } });
    await made.evidence.createOnce(runKey(run, 'deploy.log'), 'deployed\n');
    const get = async (path: string, as = 'auditor') => {
      const response = await made.send('review', path, { as, method: 'GET' });
      return { status: response.status, body: Object(await response.json()) };
    };
    return { get, digest };
  }

  it('list archives, show one with its chain, and give the bytes of its files to whoever may read', async () => {
    const { get, digest } = await archived();

    const list = await get(`/v1/archives?strategy=${STRATEGY}&date=2026-11-24`);
    const one = await get(`/v1/runs/${RUN}/archive`);
    const file = await get(`/v1/runs/${RUN}/archive/files?path=deploy.log&offset=2`, 'trader');

    assert.deepEqual([list.body.archives.length, one.body.manifests[0].digest], [1, digest]);
    assert.deepEqual(
      [file.status, Buffer.from(file.body.content, 'base64').toString(), file.body.size],
      [200, 'ployed\n', 9],
    );
  });

  it('refuse what is no path below the folder, no offset, no date, and runs without an archive', async () => {
    const { get } = await archived();
    const codes = await Promise.all(
      [
        `/v1/runs/${RUN}/archive/files?path=..%2Fsecret`,
        `/v1/runs/${RUN}/archive/files`,
        `/v1/runs/${RUN}/archive/files?path=deploy.log&offset=-1`,
        '/v1/archives?date=yesterday',
        '/v1/archives?strategy=UPPER',
        `/v1/runs/${RUN}/archive/files?path=nothing`,
        '/v1/runs/nobody/archive',
      ].map(async (path) => (await get(path)).body.code),
    );

    assert.deepEqual(codes, [...Array.from({ length: 5 }, () => 'InvalidRequest'), 'NotFound', 'UnknownRun']);
  });
});
