import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ActorId } from '../../domain/ids.ts';
import type { NewEntry } from '../../domain/ledger/ledger-entry.ts';
import { leafHash, rootOf, rootOfRange } from '../../domain/ledger/merkle.ts';
import { sealDecision } from '../../domain/seal-decision.ts';
import { newStrategy, type Strategy } from '../../domain/strategy.ts';
import { RUN, START, STRATEGY } from '../fakes/world.ts';

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

  it('writes an entry once that waits twice, since the answer to the write that left it was lost', () => {
    const pendingEntries = ['first', 'first', 'second'].map(pending);
    const state: Strategy = { ...newStrategy(STRATEGY), pendingEntries };

    const { sealed, strategy } = sealDecision(state, { state, entries: [note('a')], reply: 0 }, START);

    assert.deepEqual([textsOf(sealed), strategy.pendingEntries], [['first', 'second', 'a'], []]);
  });

  const payloadsOf = (before: Strategy, state: Strategy, entries: NewEntry[] = [note('a'), note('b')]) =>
    sealDecision(before, { state, entries, reply: 0 }, START).sealed.map(
      ({ text }) => (JSON.parse(text) as { payload: Record<string, unknown> }).payload,
    );
  const registered: Strategy = { ...newStrategy(STRATEGY), ledgerSize: 2, ledgerRange: ['00'.repeat(32)], version: 2 };

  it('lets the last entry say what changed, and no entry when nothing did', () => {
    const lock = { runId: RUN, actor, acquiredAt: START.toISOString(), expiresAt: START.toISOString() };
    const locked: Strategy = { ...registered, mode: 'LAUNCHING', lock };

    assert.deepEqual(payloadsOf(registered, locked), [
      { text: 'a' },
      { text: 'b', changes: { mode: 'LAUNCHING', lock } },
    ]);
    assert.deepEqual(payloadsOf(locked, registered).at(-1)?.['changes'], { mode: 'OFF', lock: null });
    assert.deepEqual(payloadsOf(locked, locked), [{ text: 'a' }, { text: 'b' }]);
  });

  it('says everything in the first entry of a log', () => {
    const [{ changes } = {}] = payloadsOf(newStrategy(STRATEGY), newStrategy(STRATEGY), [note('a')]);

    assert.deepEqual(changes, { mode: 'OFF', epoch: 0, maxOrdersPerSec: 0, flagVersion: 0, spooledKills: 0 });
  });

  it('lets the last entry that kills left say what they led to, whatever the ledger knew, and the decision’s what it changed', () => {
    const killed: Strategy = { ...registered, mode: 'KILLED', epoch: 2, pendingEntries: ['1', '2'].map(pending) };

    const [first, last, own] = payloadsOf(killed, { ...killed, flagVersion: 3 }, [note('a')]);

    assert.deepEqual([first?.['text'], first?.['changes']], ['1', undefined]);
    assert.deepEqual(
      [last?.['text'], last?.['changes']],
      [
        '2',
        {
          ...{ mode: 'KILLED', epoch: 2, maxOrdersPerSec: 0, flagVersion: 0, spooledKills: 0 },
          ...{
            run: null,
            lock: null,
            latch: null,
            restriction: null,
            safeMode: null,
            drained: null,
            artifactDigest: null,
            limitsDigest: null,
            parametersDigest: null,
          },
        },
      ],
    );
    assert.deepEqual(own, { text: 'a', changes: { flagVersion: 3 } });
  });

  it('is a fault for a rule that writes `changes` itself, or changes a state without an entry', () => {
    const own = { ...note('a'), payload: { changes: {} } };

    assert.throws(() => payloadsOf(registered, registered, [own]), /note\.made writes 'changes' itself/);
    assert.throws(() => payloadsOf(registered, { ...registered, mode: 'SAFE' }, []), /mode changed without an entry/);
  });
});
