import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Lookup, resolveValue } from '../../../local/template/resolve-value.ts';

const lookup: Lookup = {
  ref: (name) => `<${name}>`,
  attribute: (logicalId, attribute) => `<${logicalId} ${attribute}>`,
};
const resolved = (value: unknown) => resolveValue(value, lookup);

describe('resolveValue', () => {
  it('leaves plain values as they are, however deep', () => {
    const value = { a: [1, null, true, { b: 'text', c: [] }], Reference: 'Ref' };

    assert.deepEqual(resolved(value), value);
    assert.equal(resolved(undefined), undefined);
  });

  it('resolves Ref, and Fn::GetAtt in both its forms', () => {
    assert.deepEqual(resolved({ a: [{ Ref: 'Table' }] }), { a: ['<Table>'] });
    assert.equal(resolved({ 'Fn::GetAtt': ['Table', 'Arn'] }), '<Table Arn>');
    assert.equal(resolved({ 'Fn::GetAtt': 'Nested.Outputs.Name' }), '<Nested Outputs.Name>');
  });

  it('joins what it resolves, numbers too', () => {
    assert.equal(
      resolved({ 'Fn::Join': ['', ['arn:', { Ref: 'P' }, ':', 1, { 'Fn::GetAtt': ['F', 'Arn'] }]] }),
      'arn:<P>:1<F Arn>',
    );
    assert.equal(resolved({ 'Fn::Join': ['/', ['a', { 'Fn::Join': ['-', ['b', true]] }]] }), 'a/b-true');
  });

  it('substitutes names, attributes and own variables, and keeps what is meant literally', () => {
    assert.equal(resolved({ 'Fn::Sub': '${Table}/${Fn.Arn}/${!Kept}/$x' }), '<Table>/<Fn Arn>/${Kept}/$x');
    assert.equal(resolved({ 'Fn::Sub': ['${Table} ${own}', { own: { Ref: 'Other' } }] }), '<Table> <Other>');
    assert.equal(resolved({ 'Fn::Sub': ['${n}', { n: 5 }] }), '5');
    assert.equal(resolved({ 'Fn::Sub': '${toString}' }), '<toString>');
  });

  it('refuses every other intrinsic by its name: guessing would hide a difference from AWS', () => {
    for (const name of ['Fn::If', 'Fn::Select', 'Fn::ImportValue', 'Fn::FindInMap', 'Condition'])
      assert.throws(
        () => resolved({ deep: [{ [name]: 'x' }] }),
        new RegExp(`^Error: uses ${name}, which this host does not`),
      );
  });

  it('refuses arguments that no template has', () => {
    assert.throws(() => resolved({ Ref: ['a'] }), /has a Ref of \["a"\] where a text is needed/);
    assert.throws(() => resolved({ 'Fn::GetAtt': [{}] }), /has a Fn::GetAtt of \{\}/);
    assert.throws(() => resolved({ 'Fn::Join': ['', 'a'] }), /has a Fn::Join without a list/);
    assert.throws(() => resolved({ 'Fn::Join': ['', [{ a: 1 }]] }), /has a Fn::Join of \{"a":1\}/);
    assert.throws(() => resolved({ 'Fn::Sub': [null] }), /has a Fn::Sub of null/);
  });
});
