import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { LineSplitter } from '../../cli/audit/line-splitter.ts';
import { verifyPath } from '../../cli/audit/verify-path.ts';
import { BundleVerifier } from '../../domain/ledger/bundle/bundle-verifier.ts';
import { FINDING_KINDS, VERDICTS } from '../../domain/ledger/verify/finding.ts';
import type { Report } from '../../domain/ledger/verify/report.ts';
import { aLog, anEntry, KEYS, trust } from '../domain/ledger/verify/a-ledger.ts';
import { aPooledLog, Dice } from '../domain/ledger/verify/a-random-log.ts';
import { runs } from '../domain/ledger/verify/property-runs.ts';

const outside = trust({ keys: KEYS });
const digits = (number: number) => String(number).padStart(16, '0');
let folder = '';
let number = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradepulse-fuzz-'));
});
after(() => rm(folder, { recursive: true, force: true }));

function isAVerdict(report: Report | undefined): void {
  assert.ok(report && VERDICTS.includes(report.verdict));
  assert.equal(report.verdict === 'sound', report.findingCount === 0);
  assert.ok(report.findings.every(({ kind, what }) => kind in FINDING_KINDS && what.length < 800));
}

/** Changes bytes as a bad disk or an attacker would: bits, cuts, insertions, repetitions. */
function damaged(bytes: Buffer, dice: Dice): Buffer {
  const at = dice.roll(bytes.length + 1);
  const [begin, rest] = [bytes.subarray(0, at), bytes.subarray(at)];
  const noise = Buffer.from(Array.from({ length: dice.roll(20) }, () => dice.roll(256)));
  const ways = [
    () => Buffer.concat([begin, Buffer.from([(rest[0] ?? 0) ^ (1 << dice.roll(8))]), rest.subarray(1)]),
    () => begin,
    () => rest,
    () => Buffer.concat([begin, noise, rest]),
    () => Buffer.concat([begin, rest.subarray(dice.roll(200))]),
    () => Buffer.concat([bytes, begin]),
  ];
  return dice.pick(ways)();
}

/** The bytes of a bundle, given in pieces of random size. */
function verifiedBytes(bytes: Buffer, dice: Dice): Report {
  const verifier = new BundleVerifier(() => outside);
  const splitter = new LineSplitter(verifier);
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + dice.roll(4_000);
    splitter.push(bytes.subarray(at, at + length));
    at += length;
  }
  splitter.end();
  return verifier.report();
}

const bytesOf = async (seed: number) => Buffer.from((await aPooledLog(seed)).lines.map((line) => `${line}\n`).join(''));

describe('a verdict comes, and nothing is thrown', () => {
  it('over random bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (bytes, seed) =>
        isAVerdict(verifiedBytes(Buffer.from(bytes), new Dice(seed))),
      ),
      runs(5_000, 200),
    ));

  it('over bundles whose bytes were damaged, and over good ones in whatever pieces they come', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (logSeed, seed) => {
        const dice = new Dice(seed);
        const bytes = await bytesOf(logSeed);

        assert.equal(verifiedBytes(bytes, dice).verdict, 'sound');
        isAVerdict(verifiedBytes(damaged(bytes, dice), dice));
      }),
      runs(10_000, 200),
    ));

  it('over packed bundles whose bytes were damaged; sound only where the same comes out', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (logSeed, seed) => {
        const bytes = await bytesOf(logSeed);
        const packed = damaged(gzipSync(bytes, { level: 1 }), new Dice(seed));
        const path = join(folder, `packed-${number++}`);
        await writeFile(path, packed);

        const [report] = await verifyPath(path, () => outside);

        isAVerdict(report);
        if (report?.verdict === 'sound') assert.ok(gunzipSync(packed).equals(bytes));
        await rm(path);
      }),
      runs(1_500, 100),
    ));

  it('over folders with hostile names, links, folders in the place of files, and files that lie', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const path = join(folder, `ledger-${number++}`);
        await hostileFolder(path, new Dice(seed));

        for (const report of await verifyPath(path, () => outside)) isAVerdict(report);
        await rm(path, { recursive: true });
      }),
      runs(1_000, 60),
    ));

  it('at the first line that cannot be, however much would follow, in bounded memory', async () => {
    const texts = { header: (await aPooledLog(1)).lines[0] ?? '', entry: anEntry(0) };
    const bombs = [
      Buffer.alloc(60_000_000, 0x7b),
      Buffer.alloc(60_000_000, 0x0a),
      Buffer.concat([Buffer.from(`${texts.header}\n`), Buffer.alloc(60_000_000, 0x20)]),
      Buffer.concat([Buffer.from(`${texts.header}\n`), Buffer.alloc(60_000_000, `${texts.entry}\n`)]),
      Buffer.concat([
        Buffer.from(
          `${texts.header.replace(/"size":\d+,"to":\d+/, '"size":9007199254740991,"to":9007199254740991')}\n`,
        ),
        Buffer.alloc(60_000_000, '{}\n'),
      ]),
    ].map((bytes) => gzipSync(bytes, { level: 1 }));
    const path = join(folder, 'bomb');

    for (const bomb of bombs) {
      await writeFile(path, bomb);
      const before = process.memoryUsage().arrayBuffers;
      const [report] = await verifyPath(path, () => outside);

      assert.ok(report && report.verdict !== 'sound' && report.entries < 2_000);
      assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000);
    }
  });
});

const NAMES = [
  '..\u0001',
  'a\nb',
  '\u001b[2J',
  '...',
  '%2e%2e',
  `${digits(0)}-${digits(3)}.jsonl.bak`,
  'x'.repeat(200),
  '-rf',
  '0',
  `${digits(9)}9`,
];

/** A log's folder in which some things are not what they seem. */
async function hostileFolder(path: string, dice: Dice): Promise<void> {
  const texts = Array.from({ length: 6 }, (_, seq) => anEntry(seq));
  const { checkpoints } = aLog(texts, [2, 6]);
  for (const part of ['entries', 'checkpoints', 'tile']) await mkdir(join(path, part), { recursive: true });
  const places = [
    join('entries', `${digits(0)}-${digits(3)}.jsonl`),
    join('entries', `${digits(2)}-${digits(6)}.jsonl`),
    join('entries', `${digits(0)}-9999999999999999.jsonl`),
    join('entries', `${digits(6)}-${digits(2)}.jsonl`),
    ...[2, 5, 6, 9_007_199_254_740_991].map((size) => join('checkpoints', digits(size))),
    ...NAMES.map((name) => join(dice.pick(['entries', 'checkpoints', 'tile', '.']), name)),
  ];
  const contents = [
    texts.slice(0, 3).join('\n'),
    `${texts.slice(2).join('\n')}\n`,
    ...checkpoints.map(({ note }) => note),
    '',
    '\u0000',
    'x'.repeat(70_000),
  ];
  for (const place of places) {
    const way = dice.roll(8);
    if (way === 0) await mkdir(join(path, place), { recursive: true });
    else if (way === 1) await symlink(dice.pick(['/etc/passwd', '.', '/nowhere']), join(path, place));
    else if (way > 3) await writeFile(join(path, place), dice.pick(contents));
  }
}
