import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ArchivePath, type Manifest, manifestText } from '../../../domain/archive/manifest.ts';
import { missingFiles } from '../../../domain/archive/missing-files.ts';
import { parted } from '../../../domain/archive/parted.ts';
import { sourceOf } from '../../../domain/archive/source-of.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { RUN, STRATEGY } from '../../fakes/world.ts';

const AT = '2026-11-24T12:00:00.000Z';

describe('a manifest', () => {
  const file = (path: string) => ({ path, sha256: digestOf(path), size: 1, source: sourceOf(path) });

  it('has the same bytes in whichever order its files were found', () =>
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['a.json', 'b.json', 'runs/x/c.json', 'Z.log'], { minLength: 4 }),
        fc.shuffledSubarray(
          [
            { file: 'x', why: '1' },
            { file: 'x', why: '2' },
          ],
          { minLength: 2 },
        ),
        (paths, missing) => {
          const manifest = (names: string[], less: Manifest['missing']): Manifest => ({
            ...{ v: 1, part: 1, run: RUN, strategy: STRATEGY, at: AT, files: names.map(file), missing: less },
          });

          assert.equal(
            manifestText(manifest(paths, missing)),
            manifestText(
              manifest(
                ['Z.log', 'a.json', 'b.json', 'runs/x/c.json'],
                missing.toSorted((a, b) => (a.why < b.why ? -1 : 1)),
              ),
            ),
          );
        },
      ),
      { seed: 6, numRuns: 50 },
    ));

  it('names only files below its folder', () => {
    const right = ['a', 'a.json', 'runs/kill-x/b.json', '..a', 'a..b/c'];
    const wrong = [
      '',
      '/',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      '../a',
      'a/../b',
      'a/..',
      './a',
      'a\\b',
      'a b',
      'a\0',
      `${'a/'.repeat(7)}a`,
    ];

    assert.deepEqual(
      right.filter((path) => !ArchivePath.safeParse(path).success),
      [],
    );
    assert.deepEqual(
      wrong.filter((path) => ArchivePath.safeParse(path).success),
      [],
    );
  });

  it('says of each file what it was made from', () => {
    assert.deepEqual(
      [
        'deploy.log',
        'settle.json',
        'orders.2.jsonl',
        'runs/kill-x/a',
        'executions/x.jsonl',
        'venue-incidents/1.json',
      ].map(sourceOf),
      [
        ...['filed by the run', 'the settlement of the stop', 'the venues, asked with our own credentials'],
        ...['the folder of kill-x', 'the history of the execution, task tokens taken out'],
        'what people recorded of a venue',
      ],
    );
  });
});

describe('missingFiles', () => {
  const facts = {
    ...{ paths: new Set<string>(), wasEnabled: false, wasStopped: false, ended: [], snapshots: 0, isLedgerWhole: true },
    ordersTold: { v: 1, since: AT, until: AT, venues: [] },
  };

  it('ask nothing of a launch that was never enabled', () => assert.deepEqual(missingFiles(facts), []));

  it('say why a killed run has no settlement, and a stopped one', () => {
    const why = (wasStopped: boolean) =>
      missingFiles({ ...facts, wasEnabled: true, wasStopped }).find(({ file }) => file === 'settle.json')?.why;

    assert.match(why(false) ?? '', /ended in a kill/);
    assert.match(why(true) ?? '', /the stop did not file it/);
  });

  it('name an order log that says nothing of itself, and a ledger that was too long', () => {
    const missing = missingFiles({ ...facts, ordersTold: undefined, isLedgerWhole: false });

    assert.deepEqual(
      missing.map(({ file }) => file),
      ['orders.jsonl', 'ledger'],
    );
  });
});

describe('parted', () => {
  it('divides lines into files of at most so many bytes, and loses or divides none', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ''))), (lines) => {
        const parts = parted('a/b.jsonl', lines, 50);

        assert.equal(parts.map(({ text }) => text).join(''), lines.map((line) => `${line}\n`).join(''));
        assert.deepEqual(
          parts.map(({ file }) => file),
          parts.map((_, at) => (at === 0 ? 'a/b.jsonl' : `a/b.${at + 1}.jsonl`)),
        );
        for (const { text } of parts)
          assert.ok(Buffer.byteLength(text) <= 50 || text.trimEnd().split('\n').length === 1);
      }),
      { seed: 5, numRuns: 200 },
    ));
});
