import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { leafHash } from '../../domain/ledger/merkle.ts';
import type { Report } from '../../domain/ledger/verify/report.ts';
import {
  type ALog,
  aCheckpoint,
  aLog,
  anEntry,
  bundleOf,
  FIRST,
  LEDGER,
  LOG,
  STRANGER,
} from '../domain/ledger/verify/a-ledger.ts';
import { runCommand } from './run-command.ts';

const entries = Array.from({ length: 12 }, (_, seq) => anEntry(seq));
const log = aLog(entries, [3, 7, 12]);
const lines = await bundleOf(log);
const text = (given: readonly string[]) => given.map((line) => `${line}\n`).join('');
let folder = '';
let keys = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradepulse-audit-'));
  keys = await file('keys', `# the key of the desk\n\n${FIRST.key.vkey}\n`);
});
after(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** What a person reads, what a script reads, and the exit code. */
async function verify(path: string, ...more: string[]) {
  const args = ['audit', 'verify', path, '--keys', keys, ...more];
  const { code, stdout, stderr } = await runCommand(args);
  const { lines: objects, code: again } = await runCommand([...args, '--output', 'jsonl']);
  assert.equal(again, code);
  return { code, stdout, stderr, reports: objects as Report[] };
}

const digits = (number: number) => String(number).padStart(16, '0');

/** Writes a log as the evidence bucket holds it, with an entries file for each range. */
async function folderOf(
  name: string,
  { entries: texts, checkpoints }: ALog,
  ranges: readonly (readonly [number, number])[],
) {
  for (const { size, note } of checkpoints) await file(`${name}/checkpoints/${digits(size)}`, note);
  for (const [begin, end] of ranges)
    await file(`${name}/entries/${digits(begin)}-${digits(end)}.jsonl`, text(texts.slice(begin, end)));
  return join(folder, name);
}

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
      ['--keys', join(folder, 'nowhere')],
      ['--keys', latin],
      ['--keys', big],
      ['--keys', folder],
      ['--checkpoint', nonsense],
      ['--checkpoint', latin],
      ['--checkpoint', big],
      ['--checkpoint', folder],
      ['--receipt', nonsense],
      ['--receipt', '{"log":"desk"}'],
    ]) {
      const { code, stdout, stderr } = await runCommand(['audit', 'verify', path, ...more]);

      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^✖ .+ \[\w+\]\n {2}next: .+\n$/);
    }
  });

  it('needs a path, and knows its options', async () => {
    assert.equal((await runCommand(['audit', 'verify'])).code, 2);
    assert.equal((await runCommand(['audit', 'verify', 'x', '--key', 'y'])).code, 2);
  });
});

describe('audit verify of something that is no bundle', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
  const tar = Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(250)]);
  const bad: Record<string, [content: string | Uint8Array, what: RegExp]> = {
    'an empty file': ['', /the file is empty/],
    'an image': [png, /this is no ledger bundle: it is not text in UTF-8/],
    'a zip archive': [Buffer.from('PK\u0003\u0004rest'), /it is a zip archive, so unpack it first/],
    'a tar archive': [tar, /it is a tar archive, so unpack it first/],
    'a packed tar archive': [gzipSync(tar), /it is a tar archive, so unpack it first/],
    'something packed twice': [gzipSync(gzipSync(text(lines))), /it is compressed twice, so unpack it first/],
    'half a gzip header': [
      gzipSync(text(lines)).subarray(0, 5),
      /the compressed stream ends early, before its header is complete/,
    ],
    'a damaged gzip file': [gzipSync(text(lines)).fill(0, 40, 80), /the compressed stream is damaged/],
    'a text without lines': [
      'hello',
      /it ends in the middle of a line|the file ends in the middle of a line, before its header is complete/,
    ],
    'a text with lines': ['hello\nworld\n', /its first line is not the header of one/],
    'a later format': [
      text(lines).replace('"format":1', '"format":7'),
      /of the format '7', and only format 1 is known/,
    ],
    'a file of another kind': ['{"bundle":"backup","format":1}\n', /its first line is not the header of one/],
    'one endless line': [Buffer.alloc(1_200_000, 0x7b), /a line is longer than 1048576 bytes/],
    'one endless line after another': [
      `${text(lines.slice(0, 2))}${' '.repeat(1_100_000)}\n`,
      /line 3 cannot be read: a line is longer/,
    ],
    'blank lines': [`${text(lines.slice(0, 1))}\n\n\n`, /line 2 is blank/],
    'bytes that are no text': [
      Buffer.concat([
        Buffer.from(text(lines.slice(0, 3))),
        Buffer.from([0x7b, 0xff, 0x0a]),
        Buffer.from(text(lines.slice(3))),
      ]),
      /line 4 cannot be read: it is not text/,
    ],
  };
  for (const [what, [content, expected]] of Object.entries(bad))
    it(`says of ${what} in one sentence what it is, and ends with 3`, async () => {
      const { code, stdout, reports } = await verify(await file(`bad ${what}`, content));

      assert.equal(code, 3);
      assert.match(stdout, /^✖ .*unreadable: this could not be read to its end/);
      assert.equal(reports[0]?.findingCount, 1);
      assert.match(reports[0]?.findings[0]?.what ?? '', expected);
    });

  it('says so of a missing file, an empty folder, and something that is neither', async () => {
    await mkdir(join(folder, 'hollow'), { recursive: true });
    for (const [path, expected] of [
      [join(folder, 'no such file'), /"no such file" cannot be read: there is no such file or folder/],
      [join(folder, 'hollow'), /"hollow" cannot be read: there is neither a bundle nor the folder of a log in it/],
      ['/dev/null', /"null" cannot be read: it is neither a file nor a folder/],
      [`${keys}/x`, /a part of the path is not a folder/],
    ] as const) {
      const { code, stdout } = await verify(path);

      assert.equal(code, 3);
      assert.match(stdout, expected);
    }
  });

  it('finds a bundle incomplete that was cut in a line, or in its compression', async () => {
    const noise = Array.from({ length: 40 }, (_, seq) => anEntry(seq, { payload: { n: leafHash(String(seq)) } }));
    const packed = gzipSync(text(await bundleOf(aLog(noise, [20, 40]))));
    const line = await verify(await file('cut-line', text(lines).slice(0, -20)));
    const stream = await verify(await file('cut-stream', packed.subarray(0, -4)));

    assert.deepEqual([line.code, stream.code], [2, 2]);
    assert.match(line.stdout, /the file ends in the middle of a line, after line 15/);
    assert.match(stream.stdout, /the compressed stream ends early, after line/);
  });
});

describe('audit verify of a folder', () => {
  let number = 0;
  let name = '';
  beforeEach(() => {
    number += 1;
    name = `folder-${number}`;
  });
  const halves = [
    [0, 7],
    [7, 12],
  ] as const;

  it('finds the folder of a log sound, files that overlap too', async () => {
    const path = await folderOf(name, log, [
      [0, 3],
      [0, 7],
      [3, 7],
      [5, 12],
      [7, 9],
    ]);
    await file(`${name}/tile/0/000.p/12`, 'not needed');

    const { code, stdout } = await verify(path);

    assert.equal(code, 0, stdout);
    assert.match(stdout, /entries +12 shown, of 12/);
  });

  it('looks at no entry beyond the newest checkpoint', async () => {
    const path = await folderOf(name, { entries: [...entries, '{'], checkpoints: log.checkpoints }, [[0, 13]]);

    assert.equal((await verify(path)).code, 0);
  });

  it('finds a changed entry, and two files that differ', async () => {
    const changed = { ...log, entries: entries.with(8, anEntry(8, { payload: {} })) };
    const path = await folderOf(name, changed, halves);
    const both = await folderOf(`${name}-both`, log, halves);
    await file(`${name}-both/entries/${digits(8)}-${digits(9)}.jsonl`, text([changed.entries[8] ?? '']));

    assert.equal((await verify(path)).code, 1);
    const { code, stdout } = await verify(both);
    assert.equal(code, 1);
    assert.match(stdout, /two files hold different texts of entry 8/);
  });

  it('finds what is missing: a file, the end of one, all checkpoints', async () => {
    const gap = await folderOf(name, log, [
      [0, 7],
      [8, 12],
    ]);
    const short = await folderOf(`${name}-short`, log, [[0, 7]]);
    await file(`${name}-short/entries/${digits(7)}-${digits(12)}.jsonl`, text(entries.slice(7, 10)).slice(0, -3));
    const unsigned = await folderOf(`${name}-unsigned`, { ...log, checkpoints: [] }, halves);

    const found = await Promise.all([gap, short, unsigned].map((path) => verify(path)));

    assert.deepEqual(
      found.map(({ code }) => code),
      [2, 2, 2],
    );
    assert.match(found[0]?.stdout ?? '', /entries 7 to 11 are missing, of 12/);
    assert.match(found[1]?.stdout ?? '', /ends in the middle of a line[\s\S]*entries 9 to 11 are missing/);
    assert.match(found[2]?.stdout ?? '', /there is no checkpoint in the folder/);
  });

  it('finds a file with more entries than its name says', async () => {
    const path = await folderOf(name, log, [[7, 12]]);
    await file(`${name}/entries/${digits(0)}-${digits(7)}.jsonl`, text(entries.slice(0, 8)));

    assert.match(
      (await verify(path)).stdout,
      /0000000000000000-0000000000000007\.jsonl holds more entries than its name says/,
    );
  });

  it('finds a checkpoint that is none, or under the name of another size', async () => {
    const path = await folderOf(name, log, halves);
    await file(`${name}/checkpoints/${digits(3)}`, 'nonsense');
    await file(`${name}/checkpoints/${digits(5)}`, log.checkpoints[0]?.note ?? '');
    const last = await folderOf(`${name}-last`, log, halves);
    await file(`${name}-last/checkpoints/${digits(12)}`, Buffer.alloc(70_000, 65));

    const { code, stdout } = await verify(path);

    assert.equal(code, 1);
    assert.match(
      stdout,
      /what stands as checkpoint 3 is no checkpoint[\s\S]*where checkpoint 5 of .* should be stands checkpoint 3/,
    );
    assert.equal((await verify(last)).code, 3);
  });

  it('never follows a link, and says what it did not look at', async () => {
    const path = await folderOf(name, log, [[0, 7]]);
    const elsewhere = await file(`${name}-elsewhere`, text(entries.slice(7)));
    await symlink(elsewhere, join(path, 'entries', `${digits(7)}-${digits(12)}.jsonl`));
    await file(`${name}/entries/..evil\u001b[2J.jsonl`, 'x');
    await file(`${name}/entries/${digits(5)}-${digits(5)}.jsonl`, 'x');
    await mkdir(join(path, 'entries', `${digits(7)}-${digits(11)}.jsonl`));

    const { code, stdout } = await verify(path);

    assert.equal(code, 2);
    assert.match(stdout, /not looked at, since it is no file or folder of a log: "/);
    assert.ok(!stdout.includes('\u001b'));
  });

  it('does not open more than sixteen files for the same entries', async () => {
    const many = Array.from({ length: 20 }, (_, at) => anEntry(at));
    const path = await folderOf(
      name,
      aLog(many, [20]),
      Array.from({ length: 20 }, (_, at) => [0, at + 1] as const),
    );

    const { code, stdout } = await verify(path);

    assert.equal(code, 3);
    assert.match(stdout, /more than 16 files hold the same entries/);
  });

  it('verifies each log of a ledger, and ends with the worst verdict', async () => {
    const desk = aLog([anEntry(0, { log: 'desk' })], [1], FIRST, `${LEDGER}/desk`);
    const path = dirname(await folderOf(`${name}/${LOG}`, log, halves));
    await folderOf(`${name}/desk`, desk, [[0, 1]]);
    await file(`${name}/readme`, 'x');
    await mkdir(join(path, 'notes'));

    const sound = await verify(path);
    await folderOf(`${name}/copy`, desk, [[0, 1]]);
    const foreign = await verify(path);

    assert.deepEqual([sound.code, sound.reports.map((report) => report.log)], [0, [LOG, 'desk']]);
    assert.match(sound.stdout, /not looked at.*"readme"[\s\S]*no folder of a log: notes/);
    assert.equal(foreign.code, 1);
    assert.match(foreign.stdout, /the folder of copy holds checkpoints of desk/);
  });

  it('keeps apart what is not signed by a trusted key', async () => {
    const made = { ...log, checkpoints: [{ size: 12, note: aCheckpoint(entries, [STRANGER]) }] };

    assert.equal((await verify(await folderOf(name, made, halves))).code, 1);
  });
});
