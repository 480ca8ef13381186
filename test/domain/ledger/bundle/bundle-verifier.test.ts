import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BundleVerifier } from '../../../../domain/ledger/bundle/bundle-verifier.ts';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import { aLog, anEntry, bundleOf, kindsIn, LOG, trust, verified } from '../verify/a-ledger.ts';

const lines = await bundleOf(
  aLog(
    [0, 1, 2].map((seq) => anEntry(seq)),
    [2, 3],
  ),
);
const header = JSON.parse(lines[0] ?? '');
const whatIn = (given: readonly string[]) => verified(given).findings[0]?.what ?? 'nothing';

describe('a bundle', () => {
  it('without a line is empty, and says so', () => {
    assert.equal(verified([]).verdict, 'unreadable');
    assert.equal(whatIn([]), 'the file is empty');
  });

  const noHeaders: Record<string, [line: string, what: RegExp]> = {
    'is no JSON': ['hello', /this is no ledger bundle/],
    'is of another kind': ['{"bundle":"other","format":1}', /this is no ledger bundle/],
    'has a format that is none': ['{"bundle":"tradepulse-ledger","format":[]}', /this is no ledger bundle/],
    'has a newer format': [canonicalJson({ ...header, format: 2 }), /format '2', and only format 1 is known/],
    'has a member too many': [canonicalJson({ ...header, more: 1 }), /header of the bundle is damaged/],
    'is not canonical': [JSON.stringify({ ...header, a: undefined }, null, 1), /header of the bundle is damaged/],
    'has half a surrogate pair': [canonicalJson({ ...header, ticket: 'T' }).replace('"T"', '"\\ud800"'), /damaged/],
    'has a ticket of 66 UTF-16 code units': [canonicalJson({ ...header, ticket: '😀'.repeat(33) }), /damaged/],
    'has an empty ticket': [canonicalJson({ ...header, ticket: '' }), /damaged/],
    'has a ledger of 202 UTF-16 code units': [
      canonicalJson({ ...header, origin: `${'😀'.repeat(101)}/${LOG}` }),
      /damaged/,
    ],
    'has no origin': [canonicalJson({ ...header, origin: LOG }), /damaged/],
    'asks for more than there is': [canonicalJson({ ...header, to: 9 }), /damaged/],
    'asks backwards': [canonicalJson({ ...header, from: 2, to: 1 }), /damaged/],
    'is of another log than its origin': [canonicalJson({ ...header, log: 'desk' }), /damaged/],
    'was exported at no time': [canonicalJson({ ...header, exportedAt: 'now' }), /damaged/],
  };
  for (const [what, [line, expected]] of Object.entries(noHeaders))
    it(`whose first line ${what} is not read on`, () => {
      const report = verified([line, ...lines.slice(1)]);

      assert.deepEqual([report.verdict, report.log, report.findingCount], ['unreadable', '', 1]);
      assert.match(report.findings[0]?.what ?? '', expected);
    });

  it('may name a ticket of 64 UTF-16 code units, and a ledger of 200', () => {
    for (const more of [{ ticket: '😀'.repeat(32) }, { origin: `${'😀'.repeat(100)}/${LOG}` }])
      assert.equal(verified([canonicalJson({ ...header, ...more })]).size, 3);
  });

  const oddLines: Record<string, [line: string, kind: string]> = {
    'is blank': ['', 'unreadable'],
    'begins with something else': ['x', 'unreadable'],
    'is a text that is no string': ['"', 'unreadable'],
    'is a string that is not canonical': ['"\\u0041"', 'unreadable'],
    'is half a surrogate pair': ['"\\ud800"', 'unreadable'],
    'is a range that is none': ['[0,1]', 'unreadable'],
    'is a range with white space': [`[0, 1,["${'0'.repeat(64)}"]]`, 'unreadable'],
    'is a range of another place': [`[1,2,["${'0'.repeat(64)}"]]`, 'left-out-range'],
    'is a range of nothing': ['[0,0,[]]', 'unreadable'],
    'is a range beyond the end': [`[0,4,["${'0'.repeat(64)}"]]`, 'left-out-range'],
    'is a range with a hash too many': [`[0,1,["${'0'.repeat(64)}","${'0'.repeat(64)}"]]`, 'left-out-range'],
  };
  for (const [what, [line, kind]] of Object.entries(oddLines))
    it(`is read up to a line that ${what}`, () => {
      const report = verified([lines[0] ?? '', line, ...lines.slice(1)]);

      assert.deepEqual(kindsIn(report), [kind]);
      assert.equal(report.findings[0]?.where.line, 2);
    });

  it('may not go on after its last entry, not even with more of the same', () => {
    for (const line of [anEntry(3), `[3,4,["${'0'.repeat(64)}"]]`]) {
      const report = verified([...lines, line, line, '"']);

      assert.deepEqual([report.verdict, kindsIn(report), report.findingCount], ['tampered', ['more-than-said'], 1]);
      assert.equal(report.trustedUpTo, 3);
    }
  });

  it('whose end cannot be read keeps what was proved before', () => {
    const verifier = new BundleVerifier(() => trust());
    for (const line of lines.slice(0, 4)) verifier.line(line);

    verifier.unreadable('it is noise');
    verifier.unreadable('it is noise');

    const report = verifier.report();
    assert.deepEqual([report.verdict, report.trustedUpTo, report.findingCount], ['unreadable', 2, 1]);
    assert.equal(report.findings[0]?.what, 'line 5 cannot be read: it is noise');
  });

  it('that is cut says after which line, and what is missing', () => {
    const verifier = new BundleVerifier(() => trust());
    for (const line of lines.slice(0, 4)) verifier.line(line);

    verifier.cut('the file ends in the middle of a line');

    const report = verifier.report();
    assert.deepEqual([report.verdict, kindsIn(report)], ['incomplete', ['file-cut', 'entries-missing']]);
    assert.equal(report.findings[0]?.what, 'the file ends in the middle of a line, after line 4');
  });

  it('that is cut or noise before its header is complete is none', () => {
    for (const tell of ['cut', 'unreadable'] as const) {
      const verifier = new BundleVerifier(() => trust());
      verifier[tell]('it is noise');

      assert.equal(verifier.isDone, true);
      assert.match(verifier.report().findings[0]?.what ?? '', /^this is no ledger bundle: it is noise/);
    }
  });
});
