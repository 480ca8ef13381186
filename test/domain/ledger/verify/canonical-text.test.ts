import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import { notCanonical } from '../../../../domain/ledger/verify/canonical-text.ts';
import { parsedJson } from '../../../../domain/ledger/verify/parsed-json.ts';

/** The plain rule: parse, write canonically, compare. */
function isCanonicalByTheRule(text: string): boolean {
  try {
    return canonicalJson(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

describe('the quick look at canonical JSON', () => {
  it('agrees with the plain rule on every value, and on texts that were changed a little', () =>
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom(...' \\"u{}[],:0d8ae'),
        (value, at, character) => {
          const text = canonicalJson(value);
          const place = at % (text.length + 1);

          for (const each of [text, text.slice(0, place) + character + text.slice(place), JSON.stringify(value)]) {
            const parsed = parsedJson(each);
            assert.equal(
              parsed !== undefined && notCanonical(parsed, each) === undefined,
              isCanonicalByTheRule(each),
              each,
            );
          }
        },
      ),
    ));

  it('refuses a member that stands twice, wherever it stands', () => {
    for (const text of ['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '[{"__proto__":1,"__proto__":1}]'])
      assert.ok(notCanonical(JSON.parse(text), text));
  });

  it('refuses what nests too deep, without running out of stack', () => {
    const text = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;

    assert.equal(notCanonical(JSON.parse(text), text), 'nests more than 64 deep');
    assert.equal(notCanonical(JSON.parse('[{"b":[],"a":[[]]}]'), ''), 'is not canonical JSON (RFC 8785)');
  });
});
