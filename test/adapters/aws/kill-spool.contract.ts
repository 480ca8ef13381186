import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import type { SpooledKill } from '../../../domain/kill/spooled-kill.ts';
import type { KillSpool } from '../../../domain/ports/kill-spool.ts';
import { AT, actor, aStrategy } from './samples.ts';

export const spooledKill = (reason: string): SpooledKill => ({
  runId: RunId.parse('kill-btc-momentum-20261124-0123456789ab'),
  actor,
  roles: ['execution-trader'],
  reason,
  decidedAt: AT.toISOString(),
});

/** What every kill spool must do. `open` gives a writer of its own each time, over the same spool. The fake and the S3 adapter both run it. */
export function killSpoolContract(name: string, open: () => KillSpool): void {
  const reasonsOf = async (spool: KillSpool, id: ReturnType<typeof aStrategy>['id'], count: number) =>
    Promise.all(Array.from({ length: count }, async (_, number) => (await spool.read(id, number))?.reason));

  describe(`${name} keeps the KillSpool contract`, () => {
    it('has nothing where nothing was put', async () => {
      assert.equal(await open().read(aStrategy().id, 0), undefined);
    });

    it('gives back what was put, by number', async () => {
      const [spool, { id }] = [open(), aStrategy()];
      const kill = { ...spooledKill('quotes „wrong“'), expiredForMs: 12 };

      assert.equal(await spool.put(id, kill), 0);

      assert.deepEqual(await spool.read(id, 0), kill);
      assert.equal(await spool.read(id, 1), undefined);
    });

    it('numbers from 0 without a gap, for each strategy, also those of a writer that remembers nothing', async () => {
      const { id } = aStrategy();
      const spool = open();
      for (let number = 0; number < 5; number += 1) assert.equal(await spool.put(id, spooledKill(`${number}`)), number);

      assert.equal(await open().put(id, spooledKill('5')), 5);
      assert.equal(await spool.put(id, spooledKill('6')), 6);
      assert.equal(await spool.put(aStrategy().id, spooledKill('other')), 0);

      assert.deepEqual(await reasonsOf(open(), id, 8), ['0', '1', '2', '3', '4', '5', '6', undefined]);
    });

    it('keeps every kill of many who put at once', async () => {
      const { id } = aStrategy();
      const reasons = ['a', 'b', 'c', 'd', 'e', 'f'];

      const numbers = await Promise.all(reasons.map((reason) => open().put(id, spooledKill(reason))));

      assert.deepEqual(numbers.toSorted(), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual((await reasonsOf(open(), id, 6)).toSorted(), reasons);
    });
  });
}
