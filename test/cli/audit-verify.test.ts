import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { leafHash } from '../../domain/ledger/merkle.ts';
import { aCheckpoint, anEntry, FIRST, LOG } from '../domain/ledger/verify/a-ledger.ts';
import { atAnAuditor, entries, lines, log, text } from './at-an-auditor.ts';
import { runCommand } from './run-command.ts';

const here = atAnAuditor();
const { file, verify } = here;

describe('audit verify', () => {
  it('finds a bundle sound, plain or gzip, and says what is proved and what to keep', async () => {
    for (const [name, content] of [
      ['plain', text(lines)],
      ['packed', gzipSync(text(lines))],
    ] as const) {
      const { code, stdout, stderr, reports } = await verify(await file(name, content));

      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^✓ btc-momentum: sound/);
      assert.match(stdout, /proved +entries 0 to 11 are as they were when checkpoint 12 was signed/);
      assert.match(stdout, /newest +checkpoint 12, root [0-9a-f]{64}/);
      assert.deepEqual(
        [reports.length, reports[0]?.verdict, reports[0]?.newestCheckpoint?.note],
        [1, 'sound', log.checkpoints[2]?.note],
      );
    }
  });

  it('ends with 1 for a changed entry, and says where and what still holds', async () => {
    const path = await file(
      'edited',
      text(lines.map((line) => (line === entries[8] ? anEntry(8, { payload: {} }) : line))),
    );

    const { code, stdout } = await verify(path);

    assert.equal(code, 1);
    assert.match(stdout, /^✖ btc-momentum: TAMPERED/);
    assert.match(stdout, /✖ checkpoint 12 was signed over other entries than these: something in entries 7 to 11/);
    assert.match(stdout, /entries 0 to 6 are as they were when checkpoint 7 was signed; from 7 on nothing is proved/);
  });

  it('ends with 2 without a trusted key, and says that anybody could have made it', async () => {
    const { code, stdout } = await runCommand(['audit', 'verify', await file('keyless', text(lines))]);

    assert.equal(code, 2);
    assert.match(stdout, /no trusted key was given: something made up by anybody would look the same/);
  });

  it('compares checkpoints and receipts that were kept, from files or typed in', async () => {
    const path = await file('kept', text(lines));
    const held = await file('held', aCheckpoint(entries.slice(0, 5), [FIRST]));
    const receipt = { log: LOG, index: 4, leafHash: leafHash(entries[4] ?? '') };
    const wrong = JSON.stringify({ ...receipt, index: 5 });
    const newer = await file('newer', aCheckpoint([...entries, anEntry(12)], [FIRST]));
    const reply = await file('reply', JSON.stringify({ runId: 'x', receipt }));
    const short = `${LOG}/4/${receipt.leafHash}`;

    const fine = await verify(
      path,
      '--checkpoint',
      held,
      '--receipt',
      JSON.stringify(receipt),
      '--receipt',
      reply,
      '--receipt',
      short,
    );
    const altered = await verify(path, '--receipt', wrong);
    const rolledBack = await verify(path, '--checkpoint', newer, '--checkpoint', held);

    assert.deepEqual([fine.code, altered.code, rolledBack.code], [0, 1, 2]);
    assert.match(rolledBack.stdout, /entry 12 is missing: a checkpoint of size 13 is known from outside/);
  });

  it('notices that the log is not there of which something was kept', async () => {
    const { code, reports } = await verify(
      await file('one-log', text(lines)),
      '--receipt',
      `{"log":"desk","index":0,"leafHash":"${'0'.repeat(64)}"}`,
    );

    assert.deepEqual(
      [code, reports.map((report) => [report.log, report.verdict])],
      [
        2,
        [
          [LOG, 'sound'],
          ['desk', 'incomplete'],
        ],
      ],
    );
  });

  it('shows control characters of others as what they are not', async () => {
    const { stdout } = await verify(await file('rude', text([lines[0] ?? '', anEntry(0, { log: 'x\u001b[2J' })])));

    assert.ok(!stdout.includes('\u001b'));
  });

  it('says how many findings there are beyond those it shows', async () => {
    const { stdout } = await verify(
      await file('all-wrong', text([lines[0]?.replaceAll('12', '500') ?? '', ...Array<string>(300).fill('{}')])),
    );

    assert.match(stdout, /and 20\d more like these/);
  });

  it('takes nothing as trusted that it cannot read', async () => {
    const path = await file('trusting', text(lines));
    const nonsense = await file('nonsense', 'nonsense');
    const latin = await file('latin', Buffer.from([0xe9]));
    const big = await file('big', Buffer.alloc(1_048_577, 35));

    for (const more of [
      ['--keys', nonsense],
      ['--keys', await file('no-keys', '# none\n')],
      ['--keys', join(here.folder, 'nowhere')],
      ['--keys', latin],
      ['--keys', big],
      ['--keys', here.folder],
      ['--checkpoint', nonsense],
      ['--checkpoint', latin],
      ['--checkpoint', big],
      ['--checkpoint', here.folder],
      ['--receipt', nonsense],
      ['--receipt', '{"log":"desk"}'],
      ['--receipt', '{"log":"desk","index":0,"leafHash":"ab"}'],
      ['--receipt', `{"log":"desk","index":0,"leafHash":"${'AB'.repeat(32)}"}`],
    ]) {
      const { code, stdout, stderr } = await runCommand(['audit', 'verify', path, ...more]);

      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^✖ .+ \[\w+\]\n {2}next: .+\n$/);
      const { lines: objects } = await runCommand(['audit', 'verify', path, ...more, '--output', 'jsonl']);
      assert.deepEqual(
        objects.map((object) => Object.keys(Object(object))),
        [['error']],
      );
    }
  });

  it('needs a path, and knows its options', async () => {
    assert.equal((await runCommand(['audit', 'verify'])).code, 2);
    assert.equal((await runCommand(['audit', 'verify', 'x', '--key', 'y'])).code, 2);
  });
});
