import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeMarkdown, markdownTable } from '../../../domain/review/escape-markdown.ts';

/** What a renderer shows of a text: a backslash before punctuation is not seen. */
const shown = (markdown: string): string => markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1');

/** The text without its escaped marks. */
const active = (markdown: string): string => markdown.replace(/\\[!-/:-@[-`{-~]/g, 'x');

describe('text of other people in Markdown', () => {
  it('is shown as it was written, on one line, and nothing in it means anything', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.string({ unit: fc.constantFrom(...'\\|<>&`*_[]#~@:/w. \n\r\t1-+=)("!') }),
        ),
        (text) => {
          const escaped = escapeMarkdown(text);

          assert.doesNotMatch(escaped, /[\p{Cc}\u2028\u2029]/u);
          assert.doesNotMatch(active(escaped), /[|<>&`*_[\]~@]|^\s*#|:\/\/|\bwww\./i);
          assert.equal(shown(escaped), text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' '));
        },
      ),
      { seed: 5, numRuns: 2_000 },
    ));

  for (const [text, expected] of [
    ['# a heading', '\\# a heading'],
    ['- an item', '\\- an item'],
    ['  1. an item', '  1\\. an item'],
    ['1.5 percent', '1.5 percent'],
    ['-5 bps', '-5 bps'],
    ['---', '\\---'],
    ['===', '\\==='],
    ['[click](http://evil.example)', '\\[click\\](http\\://evil.example)'],
    ['<script>alert(1)</script>', '\\<script\\>alert(1)\\</script\\>'],
    ['@everybody at www.evil.example', '\\@everybody at www\\.evil.example'],
    ['a\u0000b\u202ec\nd', 'a b c d'],
  ] as const)
    it(`turns ${JSON.stringify(text)} into ${expected}`, () => assert.equal(escapeMarkdown(text), expected));

  it('stays in its cell of a table; a table without rows says so', () => {
    const table = markdownTable(
      ['who', 'what'],
      [
        ['sub-x', 'a | b\n| c | d |'],
        [7, null],
      ],
    );

    assert.deepEqual(table.split('\n'), [
      '| who | what |',
      '|---|---|',
      '| sub-x | a \\| b \\| c \\| d \\| |',
      '| 7 | null |',
    ]);
    assert.equal(markdownTable(['who'], []), 'None.');
  });
});
