import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BulkRecords, BulkStrategies } from '../../../domain/ports/strategies.ts';
import { AT, aStrategy, decided, entry, freeze } from './samples.ts';

/** What every store that is read in bulk must do. More than a hundred, since that is what one call takes. */
export function bulkContract(name: string, open: () => { strategies: BulkStrategies; records: BulkRecords }): void {
  describe(`${name} keeps the contract of who reads many at a time`, () => {
    it('gives every strategy that is there, once, as it stands now', async () => {
      const { strategies } = open();
      const known = Array.from({ length: 103 }, aStrategy);
      const commit = (state: (typeof known)[number]) => strategies.commit(state, decided(state, [entry('a.b')]), AT);
      await Promise.all(known.map(commit));
      const ids = known.map(({ id }) => id);

      const read = await strategies.readMany([...ids, aStrategy().id, ...ids.slice(0, 2)]);

      assert.deepEqual(read.map(({ id, version }) => [id, version]).toSorted(), ids.map((id) => [id, 1]).toSorted());
      assert.deepEqual(await strategies.readMany([]), []);
    });

    it('gives every record of the kind that is there', async () => {
      const { records } = open();
      const ids = Array.from({ length: 103 }, (_each, index) => `bulk-${index}`);
      await Promise.all(ids.map((id) => records.put(freeze(id))));

      const read = await records.getMany('FREEZE', [...ids, 'nobody']);

      assert.deepEqual(read.map(({ id }) => id).toSorted(), ids.toSorted());
      assert.deepEqual(await records.getMany('RUN', ids), []);
    });
  });
}
