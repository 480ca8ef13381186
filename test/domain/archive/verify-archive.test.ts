import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { archiveRun } from '../../../domain/archive/archive-run.ts';
import {
  judgeChain,
  judgeFile,
  type ManifestBytes,
  type RecordedManifest,
} from '../../../domain/archive/verify-archive.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { RUN, STRATEGY } from '../../fakes/world.ts';
import { launchIn, type Traded, tradedRun } from './a-traded-run.ts';

describe('an archive that is verified', () => {
  let made: Traded;
  let manifests: ManifestBytes[];
  let recorded: RecordedManifest[];
  before(async () => {
    made = await tradedRun();
    await archiveRun(await launchIn(made), made.ports);
    await made.evidence.createOnce(`${made.folder}summary.md`, '# Summary\n');
    await archiveRun(await launchIn(made), made.ports);
    manifests = ['MANIFEST.json', 'MANIFEST.2.json'].map((file) => ({
      file,
      bytes: bytesOf(file) ?? new Uint8Array(),
    }));
    recorded = (made.store.logs.get(STRATEGY) ?? [])
      .map(({ text }) => JSON.parse(text))
      .filter(({ type }) => type === 'run.archived')
      .map(({ payload }) => ({ part: payload.part, hash: payload.manifest.hash }));
  });
  const bytesOf = (path: string) => made.evidence.files.get(`${made.folder}${path}`);
  const judged = (given = manifests, entries = recorded) => judgeChain(RUN, given, entries);
  const withByte = (bytes: Uint8Array, at: number, by: number) =>
    Uint8Array.from(bytes, (byte, index) => (index === at % bytes.length ? (byte + by) % 256 : byte));

  it('is whole: every manifest is the recorded one, and every file is what its manifest says', () => {
    const { findings, files } = judged();

    assert.deepEqual(findings, []);
    assert.ok(files.some(({ path }) => path === 'summary.md'));
    assert.deepEqual(
      files.flatMap((file) => judgeFile(file, bytesOf(file.path))),
      [],
    );
  });

  it('is not when any byte of any file is another one, or a file is gone', () =>
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, at, by) => {
        const { files } = judged();
        const file = files[which % files.length];
        assert.ok(file);
        const bytes = bytesOf(file.path) ?? new Uint8Array();

        assert.equal(judgeFile(file, undefined)[0]?.actual, 'not there');
        assert.equal(judgeFile(file, Buffer.concat([bytes, Buffer.from('x')])).length, 2);
        if (bytes.length > 0) assert.equal(judgeFile(file, withByte(bytes, at, by)).length, 1);
      }),
      { seed: 7, numRuns: 200 },
    ));

  it('holds a manifest against its digest, whose size nobody tells', () => {
    const [first] = manifests;
    assert.ok(first);
    const told = { path: first.file, sha256: digestOfBytes(first.bytes) };

    assert.deepEqual(judgeFile(told, first.bytes), []);
    assert.match(judgeFile(told, withByte(first.bytes, 0, 1))[0]?.expected ?? '', /^digest /);
  });

  it('is not when any byte of any manifest is another one', () =>
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, at, by) => {
        const given = manifests.map(({ file, bytes }, index) => ({
          file,
          bytes: index === which % manifests.length ? withByte(bytes, at, by) : bytes,
        }));

        assert.notDeepEqual(judged(given).findings, []);
      }),
      { seed: 8, numRuns: 300 },
    ));

  it('is not when a manifest is left out, added, exchanged, or not recorded', () => {
    const [first, second] = manifests;
    assert.ok(first && second);
    const wrong: ManifestBytes[][] = [
      ...[[], [first], [second], [second, first], [first, second, { ...second, file: 'MANIFEST.3.json' }]],
      [first, { file: 'MANIFEST.2.json', bytes: Buffer.from('{') }],
    ];

    for (const given of wrong) assert.notDeepEqual(judged(given).findings, []);
    assert.match(judged(manifests, recorded.slice(0, 1)).findings[0]?.expected ?? '', /digest in the ledger none/);
    assert.deepEqual(judged([]).findings[0], { file: 'MANIFEST.json', expected: 'a manifest', actual: 'not there' });
  });

  it('is not when what was recorded is no chain, and says what breaks it', () => {
    const [first, second] = manifests;
    assert.ok(first && second);
    const rewritten = (more: object, file = second.file) => {
      const bytes = Buffer.from(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(second.bytes)), ...more }));
      const entries = [...recorded.slice(0, 1), { part: 2, hash: digestOfBytes(bytes) }];
      return judged([first, { file, bytes }], entries).findings.map(({ expected }) => expected);
    };

    assert.deepEqual(rewritten({}), []);
    assert.deepEqual(rewritten({ part: 3 }), ['part 2']);
    assert.deepEqual(rewritten({ previous: recorded[1]?.hash }), [`manifest before ${recorded[0]?.hash}`]);
    assert.deepEqual(rewritten({}, 'MANIFEST.3.json'), ['name MANIFEST.2.json']);
  });

  it('is not when it is the archive of another run, or names a file twice', () => {
    const [first] = manifests;
    assert.ok(first);

    assert.match(judgeChain('another', manifests, recorded).findings[0]?.expected ?? '', /run another/);
    assert.ok(
      judged([first, first]).findings.some(({ expected }) => expected === 'named once'),
      'the same files in two manifests',
    );
  });
});
