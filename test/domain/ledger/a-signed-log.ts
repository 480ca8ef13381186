import assert from 'node:assert/strict';
import { change } from '../../../domain/change.ts';
import { ActorId } from '../../../domain/ids.ts';
import { checkpointIn } from '../../../domain/ledger/checkpoint.ts';
import { checkpointLog } from '../../../domain/ledger/checkpoint-log.ts';
import { signedNoteIn, signersOf } from '../../../domain/ledger/signed-note.ts';
import { newStrategy } from '../../../domain/strategy.ts';
import { checkpointWorld, logId } from '../../fakes/fake-checkpoints.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { START, STRATEGY } from '../../fakes/world.ts';

export const ACCESS = logId('access');
export const LOG = logId(STRATEGY);
export const note = (number: number) => ({ type: 'note.made', actor: ActorId.parse('sub-1'), payload: { number } });

/** A strategy's log that a test can append to. */
export function aLog() {
  const store = new FakeStore();
  store.strategies.set(STRATEGY, newStrategy(STRATEGY));
  const world = checkpointWorld(store, () => START);
  let written = 0;
  return {
    store,
    ...world,
    async append(count: number) {
      for (let left = count; left > 0; left -= 1, written += 1) {
        const entry = note(written);
        await change(
          STRATEGY,
          { key: `k${written}`, body: {} },
          (state) => ({ state, entries: [entry], reply: 0 }),
          world.ports,
        );
      }
    },
    leaves: () => (store.logs.get(STRATEGY) ?? []).map(({ receipt }) => receipt.leafHash),
    checkpoint: () => checkpointLog(LOG, world.ports),
    async newest() {
      const text =
        signedNoteIn((await world.ports.checkpoints.newest(LOG))?.note ?? '') ?? assert.fail('no checkpoint');
      return {
        ...(checkpointIn(text.text) ?? assert.fail('no checkpoint')),
        signers: signersOf(text, await world.ports.keys.all()),
      };
    },
  };
}
