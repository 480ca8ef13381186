import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByPlace, heldCheckpointIn } from '../../../../domain/ledger/verify/held-evidence.ts';
import { aCheckpoint, FIRST } from './a-ledger.ts';

describe('what is known from outside', () => {
  it('is given out once, at its place; the rest is what was never come to', () => {
    const things = new ByPlace(['a1', 'b1', 'c2'], (thing) => Number(thing[1]));

    assert.deepEqual([things.has(1), things.take(1), things.take(1)], [true, ['a1', 'b1'], []]);
    assert.deepEqual(things.rest(), ['c2']);
  });

  it('is a checkpoint only where it can be read as one', () => {
    const note = aCheckpoint([], [FIRST]);

    assert.equal(heldCheckpointIn(note)?.size, 0);
    assert.equal(heldCheckpointIn('x'), undefined);
    assert.equal(heldCheckpointIn(note.replace('\n0\n', '\n00\n')), undefined);
  });
});
