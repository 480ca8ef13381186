import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogId } from '../../../domain/ledger/ledger-entry.ts';
import { LogId as Log } from '../../../domain/ledger/ledger-entry.ts';
import { rootOfRange } from '../../../domain/ledger/merkle.ts';
import type { Checkpoints } from '../../../domain/ports/checkpoints.ts';
import type { Ledger, Strategies } from '../../../domain/ports/strategies.ts';
import { aLog } from './ledger.contract.ts';
import { AT, aStrategy, decided, entry } from './samples.ts';

type Opened = { readonly checkpoints: Checkpoints; readonly ledger: Ledger; readonly strategies: Strategies };

async function textsOf(checkpoints: Checkpoints, log: LogId, from: number, to: number) {
  const found: { index: number; number: unknown }[] = [];
  for await (const { index, text } of checkpoints.entries(log, from, to))
    found.push({ index, number: (JSON.parse(text) as { payload: { number: unknown } }).payload.number });
  return found;
}

/** What every store of checkpoints must do. The fake and the DynamoDB adapter both run it. */
export function checkpointsContract(name: string, open: () => Opened): void {
  const filled = async ({ ledger }: Opened, count: number) => {
    const log = aLog();
    const entries = Array.from({ length: count }, (_, number) => entry('note.made', { number }));
    await ledger.append(log, entries, AT);
    return log;
  };
  const checkpoint = (size: number, note = `note ${size}`) => ({ size, note, range: ['00', String(size)] });

  describe(`${name} keeps the Checkpoints contract`, () => {
    it('knows how far a log has got: one of a strategy, and one of none', async () => {
      const opened = open();
      const log = await filled(opened, 3);
      const strategy = aStrategy();
      await opened.strategies.commit(strategy, decided(strategy, [entry('strategy.registered')]), AT);

      const page = await opened.ledger.page(log, { limit: 1, order: 'asc' });
      const [head, ofStrategy] = [
        await opened.checkpoints.head(log),
        await opened.checkpoints.head(Log.parse(strategy.id)),
      ];

      assert.deepEqual([head?.size, head && rootOfRange(head.range)], [3, page?.root]);
      assert.equal(ofStrategy?.size, 1);
      assert.equal(await opened.checkpoints.head(aLog()), undefined);
    });

    it('hands out the entries of a range as they were written, oldest first', async () => {
      const opened = open();
      const log = await filled(opened, 6);

      assert.deepEqual(
        await textsOf(opened.checkpoints, log, 2, 5),
        [2, 3, 4].map((number) => ({ index: number, number })),
      );
      assert.deepEqual(await textsOf(opened.checkpoints, log, 3, 3), []);
    });

    it('gives the newest checkpoint, and lists them from a size on', async () => {
      const { checkpoints } = open();
      const log = aLog();
      assert.equal(await checkpoints.newest(log), undefined);
      for (const size of [2, 10, 9]) await checkpoints.keep(log, checkpoint(size));

      assert.deepEqual(await checkpoints.newest(log), checkpoint(10));
      assert.deepEqual(
        (await checkpoints.list(log, { from: 3, limit: 5 })).map(({ size }) => size),
        [9, 10],
      );
      assert.deepEqual(
        (await checkpoints.list(log, { from: 0, limit: 2 })).map(({ size }) => size),
        [2, 9],
      );
    });

    it('keeps a checkpoint once: the same again is fine, another of that size is not', async () => {
      const { checkpoints } = open();
      const log = aLog();
      await checkpoints.keep(log, checkpoint(4));
      await checkpoints.keep(log, checkpoint(4));

      await assert.rejects(checkpoints.keep(log, checkpoint(4, 'another')), /another checkpoint of size 4/);
      assert.deepEqual(await checkpoints.newest(log), checkpoint(4));
    });

    it('keeps checkpoints apart from entries: the log has no more of them than before', async () => {
      const opened = open();
      const log = await filled(opened, 2);
      await opened.checkpoints.keep(log, checkpoint(2));

      const page = await opened.ledger.page(log, { limit: 10, order: 'asc' });
      assert.deepEqual([page?.entries.length, page?.size], [2, 2]);
    });
  });
}
