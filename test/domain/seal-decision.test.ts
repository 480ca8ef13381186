import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ActorId } from '../../domain/ids.ts';
import { leafHash, rootOf, rootOfRange } from '../../domain/ledger/merkle.ts';
import { sealDecision } from '../../domain/seal-decision.ts';
import { newStrategy, type Strategy } from '../../domain/strategy.ts';
import { START, STRATEGY } from '../fakes/world.ts';

const actor = ActorId.parse('sub-1');
const note = (text: string) => ({ type: 'note.made', actor, payload: { text } });
const pending = (text: string) => ({ type: 'kill.requested', actor, payload: { text }, at: START.toISOString() });
const textsOf = (sealed: readonly { text: string }[]) =>
  sealed.map(({ text }) => (JSON.parse(text) as { payload: { text: string } }).payload.text);

describe('sealDecision', () => {
  it('keeps the root of all entries, whatever was appended in whatever portions', () =>
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (portions) => {
        let state: Strategy = newStrategy(STRATEGY);
        const leaves: string[] = [];
        for (const portion of portions) {
          const { strategy, sealed } = sealDecision(state, { state, entries: portion.map(note), reply: 0 }, START);
          leaves.push(...sealed.map(({ text }) => leafHash(text)));
          state = strategy;
        }

        assert.deepEqual([state.ledgerSize, rootOfRange(state.ledgerRange)], [leaves.length, rootOf(leaves)]);
        assert.equal(state.version, portions.length);
      }),
    ));

  it('fits one transaction however many kills wait, and loses none of them', () => {
    const texts = Array.from({ length: 120 }, (_, index) => `kill ${index}`);
    let state: Strategy = { ...newStrategy(STRATEGY), pendingEntries: texts.map(pending) };
    const written: string[] = [];
    for (const text of ['a', 'b', 'c']) {
      const { strategy, sealed, receipts } = sealDecision(state, { state, entries: [note(text)], reply: 0 }, START);
      assert.ok(sealed.length <= 60 && receipts.length === 1);
      written.push(...textsOf(sealed));
      state = strategy;
    }

    assert.deepEqual(
      written.filter((text) => text.startsWith('kill')),
      texts,
    );
    assert.deepEqual(state.pendingEntries, []);
  });
});
