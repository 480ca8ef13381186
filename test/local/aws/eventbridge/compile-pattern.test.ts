import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePattern } from '../../../../local/aws/eventbridge/compile-pattern.ts';

const event = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  resources: ['arn:aws:states:us-east-1:000000000000:execution:kill:kill-1', 'arn:other'],
  detail: { status: 'FAILED', attempts: 3, cause: null, live: true, name: 'kill-btc-1' },
};

/** What AWS documents for each operator: pattern of one field of the detail, and whether it matches the event above. */
const cases: readonly [name: string, detail: Record<string, unknown>, matches: boolean][] = [
  ['an exact text', { status: ['FAILED'] }, true],
  ['any one of several texts', { status: ['ABORTED', 'FAILED'] }, true],
  ['another text', { status: ['SUCCEEDED'] }, false],
  ['an exact number, not its text', { attempts: ['3'] }, false],
  ['an exact number', { attempts: [3] }, true],
  ['null', { cause: [null] }, true],
  ['null for a missing field', { error: [null] }, false],
  ['a boolean', { live: [true] }, true],
  ['a prefix', { name: [{ prefix: 'kill-' }] }, true],
  ['another prefix', { name: [{ prefix: 'launch-' }] }, false],
  ['anything but one', { status: [{ 'anything-but': 'SUCCEEDED' }] }, true],
  ['anything but some', { status: [{ 'anything-but': ['FAILED', 'ABORTED'] }] }, false],
  ['anything but a prefix', { name: [{ 'anything-but': { prefix: 'kill-' } }] }, false],
  ['anything but, of a missing field', { error: [{ 'anything-but': 'x' }] }, false],
  ['existence', { name: [{ exists: true }] }, true],
  ['existence of null', { cause: [{ exists: true }] }, true],
  ['existence of a missing field', { error: [{ exists: true }] }, false],
  ['absence', { error: [{ exists: false }] }, true],
  ['absence of a present field', { name: [{ exists: false }] }, false],
  ['absence below a missing field', { error: { code: [{ exists: false }] } }, true],
  ['a numeric range', { attempts: [{ numeric: ['>', 0, '<=', 3] }] }, true],
  ['a numeric range it is outside of', { attempts: [{ numeric: ['>', 3] }] }, false],
  ['a numeric test of a text', { name: [{ numeric: ['=', 0] }] }, false],
  ['all fields at once', { status: ['FAILED'], name: [{ prefix: 'launch-' }] }, false],
];

describe('an event pattern', () => {
  for (const [name, detail, matches] of cases) {
    it(`${matches ? 'matches' : 'does not match'} by ${name}`, () => {
      assert.equal(compilePattern({ source: ['aws.states'], detail })(event), matches);
    });
  }

  it('matches an array in the event by any of its elements', () => {
    assert.equal(compilePattern({ resources: ['arn:other'] })(event), true);
    assert.equal(compilePattern({ resources: ['arn:third'] })(event), false);
  });

  const refused: readonly [name: string, pattern: unknown, says: RegExp][] = [
    ['an operator it does not know', { detail: { name: [{ suffix: '-1' }] } }, /pattern\.detail\.name.*suffix.*prefix/],
    ['two operators in one condition', { name: [{ prefix: 'a', exists: true }] }, /prefix/],
    ['an operand of the wrong kind', { name: [{ prefix: 3 }] }, /prefix/],
    ['a lone comparison', { name: [{ numeric: ['>'] }] }, /numeric/],
    ['a condition outside a list', { name: 'kill' }, /list/],
    ['an empty list', { name: [] }, /list/],
    ['an empty pattern', {}, /at least one/],
    ['$or', { $or: [{ name: ['a'] }] }, /\$or/],
  ];
  for (const [name, pattern, says] of refused) {
    it(`is refused at start for ${name}`, () => {
      assert.throws(() => compilePattern(pattern), says);
    });
  }
});
