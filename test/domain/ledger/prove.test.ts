import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkpointIn } from '../../../domain/ledger/checkpoint.ts';
import { rootOf } from '../../../domain/ledger/merkle.ts';
import { provesConsistency, provesInclusion } from '../../../domain/ledger/merkle-proofs.ts';
import { proveConsistency, proveInclusion } from '../../../domain/ledger/prove.ts';
import { signedNoteIn } from '../../../domain/ledger/signed-note.ts';
import { logId } from '../../fakes/fake-checkpoints.ts';
import { START } from '../../fakes/world.ts';
import { ACCESS, aLog, LOG, note } from './a-signed-log.ts';

describe('a proof from the tiles', () => {
  async function signed(...counts: number[]) {
    const log = aLog();
    for (const count of counts) {
      await log.append(count);
      await log.checkpoint();
    }
    return log;
  }

  it('shows that an entry stands in the tree of the newest checkpoint', async () => {
    const log = await signed(3, 255, 42);
    const [leaves, root] = [log.leaves(), rootOf(log.leaves())];

    for (const index of [0, 2, 127, 255, 256, 299]) {
      const { size, hashes, leafHash, checkpoint } = await proveInclusion(LOG, index, log.ports);

      assert.deepEqual([size, leafHash], [300, leaves[index]]);
      assert.ok(provesInclusion({ index, size, leaf: leaves[index] ?? '' }, hashes, root));
      assert.equal(checkpointIn(signedNoteIn(checkpoint)?.text ?? '')?.root, root);
    }
  });

  it('shows that the newest checkpoint goes on from an earlier one', async () => {
    const log = await signed(3, 255, 42);
    const at = (size: number) => ({ size, root: rootOf(log.leaves().slice(0, size)) });

    for (const before of [0, 1, 3, 100, 256, 258, 300]) {
      const { hashes } = await proveConsistency(LOG, before, log.ports);
      assert.ok(provesConsistency(at(before), at(300), hashes), `from ${before}`);
    }
  });

  it('is refused for what no checkpoint covers, and for a log that is not there', async () => {
    const log = await signed(2);
    await log.append(1);

    await assert.rejects(proveInclusion(LOG, 2, log.ports), {
      name: 'NotCheckpointed',
      facts: { log: LOG, index: 2, size: 2 },
    });
    await assert.rejects(proveConsistency(LOG, 5, log.ports), { name: 'NotCheckpointed' });
    await assert.rejects(proveInclusion(logId('nobody'), 0, log.ports), { name: 'UnknownLog' });
    await log.store.append(ACCESS, [note(1)], START);
    await assert.rejects(proveInclusion(ACCESS, 0, log.ports), { name: 'NotCheckpointed' });
  });

  it('is a fault when a tile is gone', async () => {
    const log = await signed(2);
    log.ports.archive.objects.clear();

    await assert.rejects(proveInclusion(LOG, 0, log.ports), /is not in the archive/);
    await log.append(1);
    await assert.rejects(log.checkpoint(), /is not in the archive/);
  });
});
