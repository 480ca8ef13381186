import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanFact, cut, isLink } from '../../../domain/communications/clean-fact.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

describe('cleanFact', () => {
  it('leaves ordinary text as it is', () => {
    for (const text of ['fat finger', 'p95 is 130 ms; < 120', 'Überschreitung ≥ 5 %', '*bold* @here', '止める'])
      assert.equal(cleanFact('reason', text), text);
  });

  for (const [what, text, clean] of [
    ['line breaks', 'one\r\ntwo\u2028three', 'one two three'],
    ['control characters', '\u001b[31mred\u0000', '[31mred'],
    ['what turns text around', 'abc\u202Ecba\u202C', 'abccba'],
    ['what cannot be seen', 'in\u200bvis\u2060ible\ufeff', 'invisible'],
    ['half of a character', 'a\ud83d b', 'a\ufffd b'],
  ] as const)
    it(`takes out ${what}`, () => assert.equal(cleanFact('reason', text), clean));

  it('keeps the lines of a list, bounded, and of nothing else', () => {
    assert.equal(cleanFact('lines', 'one\r\n\r\n two\u0007 \nthree'), 'one\ntwo\nthree');
    assert.equal([...cleanFact('lines', 'line\n'.repeat(1_000))].length, 2_000);
  });

  it('is bounded, holds nothing that cannot be seen, and changes nothing when it is done again, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('reason', 'lines', 'bridgeUrl'), (text, name) => {
        const clean = cleanFact(name, text.repeat(40));

        assert.doesNotMatch(clean.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        assert.ok([...clean].length <= (name === 'lines' ? 2_000 : 500));
        assert.equal(cleanFact(name, clean), clean);
      }),
      { seed: 61, numRuns: 300 },
    );
  });

  it('cuts between characters, and says that it did', () => {
    assert.equal(cut('👍👍👍👍', 3), '👍👍…');
    assert.equal(cut('abc', 3), 'abc');
  });
});

describe('isLink', () => {
  it('takes an address that a rule of ours gives, and nothing that a person wrote', () => {
    assert.ok(isLink('bridgeUrl', 'https://bridge.example.com/fx?a=b&c'));
    for (const [name, text] of [
      ['reason', 'https://evil.example.com'],
      ['bridgeUrl', 'http://bridge.example.com'],
      ['bridgeUrl', 'https://bridge.example.com|Approve'],
      ['bridgeUrl', 'https://bridge.example.com <!channel>'],
      ['bridgeUrl', 'not configured'],
    ] as const)
      assert.ok(!isLink(name, text), text);
  });
});
