import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberingLatches } from '../../../adapters/aws/remembering-latches.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { recordsContract } from './records.contract.ts';
import { freeze, scopeLatch } from './samples.ts';

recordsContract('a remembering store of records', async () => rememberingLatches(new FakeStore(), () => 0));

function counting() {
  const store = new FakeStore();
  const seen = { ms: 0, questions: 0 };
  const { get } = store;
  store.get = (kind, id) => {
    seen.questions += 1;
    seen.ms += 300; // the answer takes its time
    return get.call(store, kind, id) as never; // of the kind that was asked for
  };
  return { store, seen, records: rememberingLatches(store, () => seen.ms) };
}

describe('rememberingLatches', () => {
  it('does not ask again within a second where no latch was, counted from before the question', async () => {
    const { seen, records } = counting();
    await records.get('LATCH', 'all');
    seen.ms = 999;

    await records.get('LATCH', 'all');
    const within = seen.questions;
    seen.ms = 1000;
    await records.get('LATCH', 'all');

    assert.deepEqual([within, seen.questions], [1, 2]);
  });

  it('finds a latch a second after it was written at the latest, and asks for it each time', async () => {
    const { store, seen, records } = counting();
    await records.get('LATCH', 'all');
    await store.latchScope(scopeLatch('all', 'one'));
    seen.questions = 0;
    seen.ms = 1000;

    const found = [await records.get('LATCH', 'all'), await records.get('LATCH', 'all')];

    assert.deepEqual([found.map((each) => each?.command), seen.questions], [['one', 'one'], 2]);
  });

  it('remembers each scope by itself, and no other kind of record', async () => {
    const { seen, records } = counting();
    for (const scope of ['all', 'desk:fx', 'all', 'desk:fx']) await records.get('LATCH', scope);
    assert.equal(seen.questions, 2);
    await records.get('FREEZE', 'kill-1');
    await records.put(freeze('kill-1'));

    assert.equal((await records.get('FREEZE', 'kill-1'))?.id, 'kill-1');
  });

  it('forgets that there was none when it writes one itself', async () => {
    const { records } = counting();
    await records.get('LATCH', 'all');
    await records.latchScope(scopeLatch('all', 'one'));

    assert.equal((await records.get('LATCH', 'all'))?.command, 'one');
  });
});
