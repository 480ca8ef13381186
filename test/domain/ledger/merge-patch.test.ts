import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyMergePatch, mergePatchBetween } from '../../../domain/ledger/merge-patch.ts';

/** RFC 7396 appendix A: original, patch, result. */
const EXAMPLES: readonly [original: string, patch: string, result: string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
];
const json = (text: string): unknown => JSON.parse(text);

describe('applyMergePatch', () => {
  for (const [original, patch, result] of EXAMPLES) {
    it(`makes ${result} of ${original} with ${patch} (RFC 7396 appendix A)`, () => {
      assert.deepEqual(applyMergePatch(json(original), json(patch)), json(result));
    });
  }

  it('takes __proto__ for a name like any other', () => {
    const made = applyMergePatch({}, json('{"__proto__":{"polluted":1}}'));

    assert.deepEqual(Object.keys(made as object), ['__proto__']);
    assert.equal(Object.getPrototypeOf(made), Object.prototype);
  });
});

/** Objects as JSON has them, without null members: what a merge patch can lead to. */
const objects = fc.letrec<{ object: Record<string, unknown>; value: unknown }>((tie) => ({
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, 'x', true),
    fc.array(fc.constantFrom(null, 1, 'x'), { maxLength: 2 }),
    tie('object'),
  ),
})).object;

describe('mergePatchBetween', () => {
  it('leads from any object to any other', () =>
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        assert.deepEqual(applyMergePatch(before, mergePatchBetween(before, after)), json(JSON.stringify(after)));
      }),
      { seed: 7396, numRuns: 2_000 },
    ));

  it('says nothing about what stays, whatever the order of its members', () => {
    const before = { mode: 'OFF', run: { id: 'a', ticket: 't' }, list: [{ a: 1, b: 2 }], latch: undefined };
    const after = { list: [{ b: 2, a: 1 }], run: { ticket: 't', id: 'b' }, mode: 'OFF' };

    assert.deepEqual(mergePatchBetween(before, after), { run: { id: 'b' } });
    assert.deepEqual(mergePatchBetween(before, before), {});
  });

  it('removes what is undefined, null or not there any more', () => {
    assert.deepEqual(mergePatchBetween({ a: 1, b: 1, c: 1 }, { a: undefined, b: null }), { a: null, b: null, c: null });
  });
});
