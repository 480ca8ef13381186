import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { leafHash } from '../../domain/ledger/merkle.ts';
import { aLog, anEntry, bundleOf } from '../domain/ledger/verify/a-ledger.ts';
import { atAnAuditor, lines, text } from './at-an-auditor.ts';

const here = atAnAuditor();
const { file, verify } = here;

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
    await mkdir(join(here.folder, 'hollow'), { recursive: true });
    for (const [path, expected] of [
      [join(here.folder, 'no such file'), /"no such file" cannot be read: there is no such file or folder/],
      [join(here.folder, 'hollow'), /"hollow" cannot be read: there is neither a bundle nor the folder of a log in it/],
      ['/dev/null', /"null" cannot be read: it is neither a file nor a folder/],
      [`${here.keys}/x`, /a part of the path is not a folder/],
    ] as const) {
      const { code, stdout } = await verify(path);

      assert.equal(code, 3);
      assert.match(stdout, expected);
    }
  });

  it('takes no bundle for an archive, whatever its entries say', async () => {
    const actorAt = text(await bundleOf(aLog([anEntry(0)], [1]))).indexOf('service:test');
    const entry = anEntry(0, { actor: `${'x'.repeat(257 - actorAt)}ustar` });
    const bundle = text(await bundleOf(aLog([entry], [1])));

    const { code } = await verify(await file('ustar', bundle));

    assert.deepEqual([code, bundle.indexOf('ustar')], [0, 257]);
  });

  it('does not look at what stands after the last line feed: a file may be cut inside a character', async () => {
    const bytes = Buffer.from(text(lines));
    const inCharacter = bytes.subarray(0, bytes.lastIndexOf('—') + 1);
    const noText = Buffer.concat([bytes, Buffer.from([0xff])]);

    for (const [name, content] of Object.entries({ inCharacter, noText, packed: gzipSync(inCharacter) })) {
      const { code, reports } = await verify(await file(`cut-${name}`, content));

      assert.equal(code, 2);
      assert.equal(reports[0]?.findings[0]?.kind, 'file-cut');
    }
  });

  it('reads several gzip members after one another, and stops at any other rest', async () => {
    const bytes = Buffer.from(text(lines));
    const [one, two] = [gzipSync(bytes.subarray(0, 900)), gzipSync(bytes.subarray(900))];
    const codeOf = async (name: string, ...parts: Uint8Array[]) =>
      (await verify(await file(`members-${name}`, Buffer.concat(parts)))).code;

    assert.equal(await codeOf('two', one, two), 0);
    assert.equal(await codeOf('zeros', one, two, Buffer.alloc(10)), 0);
    assert.equal(await codeOf('rest', one, two, Buffer.from('hello')), 3);
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
