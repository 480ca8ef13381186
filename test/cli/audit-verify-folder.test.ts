import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { checkpointText } from '../../domain/ledger/checkpoint.ts';
import type { FindingKind } from '../../domain/ledger/verify/finding.ts';
import {
  aCheckpoint,
  aKeyChange,
  aLog,
  aNote,
  anEntry,
  FIRST,
  LEDGER,
  LOG,
  SECOND,
  STRANGER,
} from '../domain/ledger/verify/a-ledger.ts';
import { atAnAuditor, digits, entries, log, text } from './at-an-auditor.ts';

const here = atAnAuditor();
const { file, verify, folderOf } = here;

type Verified = Awaited<ReturnType<typeof verify>>;
const findingsOf = ({ reports }: Verified) => reports[0]?.findings.map(({ kind }) => kind);
const provedUpTo = ({ reports }: Verified) => reports[0]?.trustedUpTo;

/** The entries, the first byte of one of them made such as no text has it. */
function noTextFrom(index: number): Buffer {
  const bytes = Buffer.from(text(entries));
  bytes[text(entries.slice(0, index)).length] = 0xff;
  return bytes;
}

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

  const surplus: Record<string, [more: string, kind: FindingKind]> = {
    'a line too many': ['{}\nnonsense\n', 'more-than-said'],
    'a blank line too many': ['\n', 'more-than-said'],
    'a line too many that is no text': ['\ufffe\n', 'unreadable'],
    'a line too many that is too long': [`${'x'.repeat(1_048_577)}\n`, 'unreadable'],
    'a rest without a line feed': ['x', 'file-cut'],
    'an endless rest without a line feed': ['x'.repeat(1_048_577), 'unreadable'],
  };
  for (const [what, [more, kind]] of Object.entries(surplus))
    it(`finds ${what}, in the last file as in an earlier one`, async () => {
      const last = await folderOf(name, log, halves);
      const first = await folderOf(`${name}-first`, log, halves);
      const added = (range: readonly string[]) =>
        Buffer.from(text(range) + more).map((byte) => (byte === 0xef ? 0xff : byte));
      await file(`${name}/entries/${digits(7)}-${digits(12)}.jsonl`, added(entries.slice(7)));
      await file(`${name}-first/entries/${digits(0)}-${digits(7)}.jsonl`, added(entries.slice(0, 7)));

      const [atLast, atFirst] = await Promise.all([verify(last), verify(first)]);

      assert.deepEqual([atLast, atFirst].map(findingsOf), [[kind], [kind]]);
      assert.deepEqual([atLast, atFirst].map(provedUpTo), kind === 'file-cut' ? [12, 12] : [12, 7]);
    });

  it('takes no further line of a file from one that is no text, and finds nothing wrong before', async () => {
    const path = await folderOf(name, log, halves);
    const bytes = Buffer.from(text(entries.slice(7)));
    bytes[bytes.indexOf('\n') + 1] = 0xff; // in entry 8
    await file(`${name}/entries/${digits(7)}-${digits(12)}.jsonl`, bytes);
    const helped = await folderOf(`${name}-helped`, log, halves);
    await file(`${name}-helped/entries/${digits(7)}-${digits(12)}.jsonl`, bytes);
    await file(`${name}-helped/entries/${digits(7)}-${digits(13)}.jsonl`, text(entries.slice(7)));

    const [alone, beside] = await Promise.all([verify(path), verify(helped)]);

    assert.deepEqual(findingsOf(alone), ['unreadable', 'entries-missing']);
    assert.equal(alone.reports[0]?.findings[1]?.where.index, 8);
    assert.deepEqual([findingsOf(beside), beside.reports[0]?.entries], [['unreadable'], 12]);
  });

  it('says of a line that is no text where it stands, however far was read ahead', async () => {
    const path = await folderOf(name, log, []);
    await file(`${name}/entries/${digits(0)}-${digits(12)}.jsonl`, noTextFrom(9));

    const found = await verify(path);

    assert.deepEqual(findingsOf(found), ['unreadable', 'entries-missing']);
    assert.deepEqual([found.reports[0]?.findings[0]?.where.index, provedUpTo(found)], [9, 7]);
  });

  it('looks at nothing beyond the newest checkpoint, be it no text', async () => {
    const path = await folderOf(name, { ...log, checkpoints: log.checkpoints.slice(0, 2) }, []);
    await file(`${name}/entries/${digits(0)}-${digits(12)}.jsonl`, noTextFrom(7));

    assert.equal((await verify(path)).code, 0);
  });

  it('finds the empty folder of a log, and one that has tiles only', async () => {
    const path = dirname(await folderOf(`${name}/${LOG}`, log, halves));
    await mkdir(join(path, 'desk'));
    const { code, reports } = await verify(path, '--receipt', `desk/0/${'0'.repeat(64)}`);
    await file(`${name}-tiles/tile/0/000.p/12`, 'not needed');
    const tiles = await verify(join(here.folder, `${name}-tiles`));

    assert.equal(code, 2);
    assert.deepEqual(
      reports.map((report) => [report.log, report.findings.map(({ kind }) => kind)]),
      [
        [LOG, []],
        ['desk', ['entries-missing']],
      ],
    );
    assert.deepEqual(findingsOf(tiles), ['entries-missing']);
  });

  it('finds the newest checkpoint no checkpoint that has lines of its own, and an older one under its name out of place', async () => {
    const path = await folderOf(name, log, halves);
    const longer = `${checkpointText({ origin: `${LEDGER}/${LOG}`, size: 12, root: '00'.repeat(32) })}more\n`;
    await file(`${name}/checkpoints/${digits(12)}`, aNote(longer, [FIRST]));
    const copied = await folderOf(`${name}-copied`, log, halves);
    await file(`${name}-copied/checkpoints/${digits(12)}`, log.checkpoints[1]?.note ?? '');

    assert.deepEqual(findingsOf(await verify(path)), ['unreadable']);
    assert.deepEqual(findingsOf(await verify(copied)), ['checkpoint-place']);
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

    const { code, stdout, reports } = await verify(path);

    assert.equal(code, 3);
    assert.match(stdout, /more than 16 files hold the same entries/);
    assert.deepEqual([reports[0]?.findingCount, reports[0]?.entries], [1, 0]);
  });

  it('stops where the key changes too often, and takes no checkpoint twice', async () => {
    const changes = Array.from({ length: 257 }, (_, at) => aKeyChange(at, FIRST, SECOND));
    const checkpoints = [256, 257].map((size) => ({
      size,
      note: aCheckpoint(changes.slice(0, size), [FIRST, SECOND]),
    }));

    const found = await verify(await folderOf(name, { entries: changes, checkpoints }, [[0, 257]]));

    assert.deepEqual([findingsOf(found), found.reports[0]?.checkpoints], [['unreadable'], 1]);
  });

  it('verifies each log of a ledger, and ends with the worst verdict', async () => {
    const desk = aLog([anEntry(0, { log: 'desk' })], [1], FIRST, `${LEDGER}/desk`);
    const path = dirname(await folderOf(`${name}/${LOG}`, log, halves));
    await folderOf(`${name}/desk`, desk, [[0, 1]]);
    await file(`${name}/readme`, 'x');
    await mkdir(join(path, 'My notes'));

    const sound = await verify(path);
    await folderOf(`${name}/copy`, desk, [[0, 1]]);
    const foreign = await verify(path);

    assert.deepEqual([sound.code, sound.reports.map((report) => report.log)], [0, [LOG, 'desk']]);
    assert.match(sound.stdout, /not looked at.*"(?:readme|My notes)", "(?:readme|My notes)"/);
    assert.equal(foreign.code, 1);
    assert.match(foreign.stdout, /the folder of copy holds checkpoints of desk/);
  });

  it('keeps apart what is not signed by a trusted key', async () => {
    const made = { ...log, checkpoints: [{ size: 12, note: aCheckpoint(entries, [STRANGER]) }] };

    assert.equal((await verify(await folderOf(name, made, halves))).code, 1);
  });
});
