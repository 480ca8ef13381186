import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';

describe('canonicalJson', () => {
  it('gives the example of RFC 8785 section 3.2.3, byte for byte', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };

    assert.equal(
      canonicalJson(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 code units, as the example of RFC 8785 section 3.2.3 does', () => {
    const text = canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 });

    assert.deepEqual(
      [...text.matchAll(/:(\d)/g)].map(([, digit]) => digit),
      ['2', '4', '6', '7', '1', '5', '3'],
    );
  });

  it('gives one text for a value, however its members were ordered, and it parses back to it', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);

        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.equal(canonicalJson(JSON.parse(text)), text);
      }),
    ));

  it('leaves out members that are undefined, and makes undefined items null', () => {
    assert.equal(canonicalJson({ a: undefined, b: [undefined] }), '{"b":[null]}');
  });

  for (const [what, value] of [
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a function', () => 1],
    ['a lone surrogate', '\ud800'],
    ['nothing', undefined],
  ] as const) {
    it(`refuses ${what}, which JSON cannot say`, () => {
      assert.throws(() => canonicalJson(value), TypeError);
    });
  }
});
