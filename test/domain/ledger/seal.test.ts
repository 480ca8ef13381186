import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ActorId } from '../../../domain/ids.ts';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import { digestOf, digestOfBytes } from '../../../domain/ledger/digest.ts';
import { LogId, type NewEntry } from '../../../domain/ledger/ledger-entry.ts';
import { leafHash, rootOf, rootOfRange } from '../../../domain/ledger/merkle.ts';
import { EMPTY_HEAD, seal } from '../../../domain/ledger/seal.ts';

const log = LogId.parse('btc-momentum');
const at = new Date('2026-11-24T12:00:00.000Z');
const entry = (type: string): NewEntry => ({ type, actor: ActorId.parse('sub-1'), payload: { note: type } });

describe('seal', () => {
  it('numbers entries without gaps over several appends, and the head is the root of all of them', () => {
    const first = seal(log, EMPTY_HEAD, [entry('a.b'), entry('c.d')], at);
    const second = seal(log, first.head, [entry('e.f')], at);

    const all = [...first.sealed, ...second.sealed];
    assert.deepEqual(
      all.map(({ receipt }) => receipt.index),
      [0, 1, 2],
    );
    assert.equal(rootOfRange(second.head.range), rootOf(all.map(({ text }) => leafHash(text))));
  });

  it('stores exactly the canonical text that was hashed, with version, log, sequence and time', () => {
    const { sealed } = seal(log, EMPTY_HEAD, [entry('a.b')], at);

    const [{ text, receipt } = assert.fail()] = sealed;
    assert.equal(text, canonicalJson(JSON.parse(text)));
    assert.deepEqual(JSON.parse(text), {
      v: 1,
      log,
      seq: 0,
      at: at.toISOString(),
      type: 'a.b',
      actor: 'sub-1',
      payload: { note: 'a.b' },
      proofs: [],
    });
    assert.equal(receipt.leafHash, leafHash(text));
  });

  it('gives a document one digest whatever its formatting, and bytes their own', () => {
    assert.equal(digestOf({ b: 1, a: 2 }), digestOf({ a: 2, b: 1 }));
    assert.equal(digestOf('x'), digestOfBytes('"x"'));
  });
});
