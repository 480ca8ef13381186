import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { archiveRun } from '../../../domain/archive/archive-run.ts';
import { ArchiveView } from '../../../domain/archive/archive-view.ts';
import { listArchives } from '../../../domain/archive/list-archives.ts';
import { FILE_PAGE_BYTES, readArchiveFile } from '../../../domain/archive/read-archive-file.ts';
import { viewArchive } from '../../../domain/archive/view-archive.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { RUN, STRATEGY } from '../../fakes/world.ts';
import { launchIn, STOP, type Traded, tradedRun } from './a-traded-run.ts';

describe('an archive as it is read', () => {
  let made: Traded;
  beforeEach(async () => {
    made = await tradedRun();
    await archiveRun(await launchIn(made), made.ports);
  });
  const read = (path: string, offset = 0) => readArchiveFile(RUN, { path, offset }, made.ports);

  it('is found by the launch and by any run that belongs to it', async () => {
    const [byLaunch, byStop] = [await viewArchive(RUN, made.ports), await viewArchive(STOP, made.ports)];

    assert.deepEqual(byStop, byLaunch);
    assert.deepEqual(ArchiveView.parse(JSON.parse(JSON.stringify(byLaunch))), byLaunch);
    assert.equal(byLaunch.folder, made.folder);
  });

  it('is refused where there is none', async () => {
    const fresh = await tradedRun();
    await assert.rejects(viewArchive(RUN, fresh.ports), { name: 'NotArchived' });
    await assert.rejects(viewArchive('nobody', fresh.ports), { name: 'UnknownRun' });
    const stop = await fresh.store.get('RUN', STOP);
    assert.ok(stop);
    await fresh.store.put({ kind: 'RUN', record: { ...stop, request: { stops: null } } });

    await assert.rejects(viewArchive(STOP, fresh.ports), { name: 'NotArchived', message: /belongs to no launch/ });
  });

  it('gives a file page by page, whole', async () => {
    const bytes = Buffer.alloc(FILE_PAGE_BYTES + 5, 'abc');
    await made.evidence.createOnce(`${made.folder}large.bin`, bytes);

    const first = await read('large.bin');
    const second = await read('large.bin', first.next);

    assert.deepEqual([first.next, second.next, second.size], [FILE_PAGE_BYTES, undefined, bytes.length]);
    assert.ok(Buffer.concat([first, second].map(({ content }) => Buffer.from(content, 'base64'))).equals(bytes));
  });

  it('gives manifests, nothing beyond the end of a file, and refuses minutes and what is not there', async () => {
    await made.evidence.createOnce(`${made.folder}snapshots/20261124T1200Z.json`, '{}');

    assert.ok((await read('MANIFEST.json')).size > 0);
    assert.equal((await read('deploy.log', 1_000)).content, '');
    await assert.rejects(read('snapshots/20261124T1200Z.json'), { name: 'NotFound' });
    await assert.rejects(read('nothing.txt'), { name: 'NotFound' });
  });

  it('is listed by strategy and by day', async () => {
    const ids = async (query: object) => (await listArchives(query, made.ports)).map(({ id }) => id);

    assert.deepEqual(await ids({}), [RUN]);
    assert.deepEqual(await ids({ strategy: STRATEGY, date: '2026-11-24' }), [RUN]);
    assert.deepEqual(await ids({ date: '2026-11-25' }), []);
    assert.deepEqual(await ids({ strategy: StrategyId.parse('eurusd-carry') }), []);
  });
});
